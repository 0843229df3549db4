using System.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real command repair receives signals while it writes.</summary>
[Platform("Linux")]
public sealed class RepairSignalTests
{
    private const int SyncBytes = 16, LargeBytes = 150 << 20;

    private ServerProcess _recorder = null!;
    private string _large = "", _output = "";

    [SetUp]
    public void Begin()
    {
        _recorder = new ServerProcess(archive: """ "BlockBytes": "64 KiB" """);
        _recorder.Start();
        for (int i = 0; i < 20; i++)
            _recorder.Relay(200);
        Assert.That(_recorder.Stop(), Is.Zero);
        _large = Path.Combine(_recorder.Folder, "large.avro");
        _output = Path.Combine(_recorder.Folder, "repaired");
        Enlarge(File.ReadAllBytes(_recorder.Files("*.avro")[0]));
    }

    [TearDown]
    public void End() => _recorder.Dispose();

    [TestCase("HUP")]
    [TestCase("USR1")]
    public void Without_a_terminal_repair_continues(string signal)
    {
        using Process repair = Start("env", "--default-signal=HUP", "setsid", ServerProcess.Executable, "repair", _large, "--output", _output);
        Eventually.True(IsWriting, "repair writes");
        _recorder.Signal(signal, repair.Id);
        repair.WaitForExit();

        Assert.That((repair.ExitCode, File.Exists(Path.Combine(_output, "large.avro"))), Is.EqualTo((0, true)));
    }

    [Test]
    public void The_end_of_its_terminal_ends_repair_and_no_incomplete_file_is_left()
    {
        string ended = Path.Combine(_recorder.Folder, "ended");
        string command = $"trap 'kill -HUP $repair' HUP; {ServerProcess.Executable} repair {_large} --output {_output} & repair=$!; wait $repair; wait $repair; echo $? > {ended}.new; mv {ended}.new {ended}";
        using Process script = Start("env", "--default-signal=HUP", "script", "--quiet", "--command", command, Path.Combine(_recorder.Folder, "typescript"));
        Eventually.True(IsWriting, "repair writes");
        script.Kill();
        Eventually.True(() => File.Exists(ended), "repair ends");

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(ended).Trim(), Is.EqualTo("130"));
            Assert.That(Directory.EnumerateFiles(_output), Is.Empty);
        });
    }

    [Test]
    public void A_file_size_limit_is_named_and_no_incomplete_file_is_left()
    {
        using Process repair = Start(ServerProcess.Executable, "repair", _large, "--output", _output);
        Eventually.True(IsWriting, "repair writes");
        Wire.Run("prlimit", $"--pid {repair.Id} --fsize={LargeBytes / 2}:");
        string told = repair.StandardOutput.ReadToEnd();
        repair.WaitForExit();

        Assert.Multiple(() =>
        {
            Assert.That(repair.ExitCode, Is.EqualTo(73));
            Assert.That(told, Does.Contain($"no file beyond {LargeBytes / 2:N0} bytes"));
            Assert.That(Directory.EnumerateFiles(_output), Is.Empty);
        });
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    private bool IsWriting() => Directory.Exists(_output) && Directory.EnumerateFiles(_output).Any(file => new FileInfo(file).Length > 0);

    /// <summary>Writes the same blocks many times, so that repair runs long enough to receive a signal.</summary>
    private void Enlarge(byte[] archive)
    {
        ReadOnlySpan<byte> sync = archive.AsSpan(^SyncBytes..);
        int headerBytes = archive.AsSpan().IndexOf(sync) + SyncBytes;
        using FileStream large = File.Create(_large);
        large.Write(archive.AsSpan(0, headerBytes));
        while (large.Length < LargeBytes)
            large.Write(archive.AsSpan(headerBytes));
    }
}
