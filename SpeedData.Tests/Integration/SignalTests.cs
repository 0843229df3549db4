using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server receives signals from the kernel and from operators.</summary>
[Platform("Linux")]
public sealed class SignalTests
{
    [TestCase("HUP")]
    [TestCase("USR1")]
    [TestCase("USR2")]
    [TestCase("PIPE")]
    [TestCase("XFSZ")]
    public void Without_a_terminal_the_server_continues_to_record(string signal)
    {
        using var server = new ServerProcess(archive: """ "FlushEvery": "10 s" """);
        // A process in its own session has no terminal.
        server.Start("env", "--default-signal=HUP", "setsid");
        server.Relay(50);
        server.Signal(signal);
        server.Relay(50);

        Assert.Multiple(() =>
        {
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
        });
    }

    [Test]
    public void The_end_of_its_terminal_drains_the_server()
    {
        using var server = new ServerProcess(archive: """ "FlushEvery": "10 s" """);
        string ended = Path.Combine(server.Folder, "ended");
        // The kernel signals the shell. Like an interactive shell, it forwards the signal. It waits, so that the test gets the exit code.
        string command = $"trap 'kill -HUP $server' HUP; {ServerProcess.Executable} --config {server.Config} & server=$!; wait $server; wait $server; echo $? > {ended}.new; mv {ended}.new {ended}";
        server.StartExactly("env", "--default-signal=HUP", "script", "--quiet", "--command", command, Path.Combine(server.Folder, "typescript"));
        server.Relay(200);
        server.Child();
        server.Process.Kill();
        Eventually.True(() => File.Exists(ended), "the server ends");
        server.ExitCode();

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(ended).Trim(), Is.EqualTo("0"));
            Assert.That(server.Files("*.part"), Is.Empty);
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
        });
    }

    [Test]
    public void A_signal_ignored_at_the_start_stays_ignored_even_with_a_terminal()
    {
        using var server = new ServerProcess();
        string command = $"trap '' HUP; exec {ServerProcess.Executable} --config {server.Config}";
        server.StartExactly("script", "--quiet", "--command", command, Path.Combine(server.Folder, "typescript"));
        server.Relay(50);
        int process = server.Child();
        server.Process.Kill();
        server.Relay(50);
        server.Signal("TERM", process);
        Eventually.True(() => server.Files("*.part").Count == 0 && server.Files("*.avro").Count > 0, "the server ends");
        server.ExitCode();

        Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
    }
}
