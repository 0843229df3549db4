using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server reloads its configuration.</summary>
[Platform("Linux")]
public sealed class ReloadTests
{
    [Test]
    public void A_signal_and_a_command_apply_all_changes_and_end_no_file_unnecessarily()
    {
        using var server = new ServerProcess();
        // The process that started the tests may ignore the signal, and its children would inherit that.
        server.Start("env", "--default-signal=HUP", "setsid");
        server.Relay(50);
        Eventually.True(() => LocalHttp.TryGet(server.HttpPort, "/health/ready").Contains("\"ready\"", StringComparison.Ordinal), "the server has looked for registered channels");
        string channels = Directory.CreateDirectory(Path.Combine(server.Folder, "data", ".channels")).FullName;
        File.Copy(Path.Combine(server.Folder, "test.avsc"), Path.Combine(channels, "test.avsc"));
        File.WriteAllText(Path.Combine(channels, "beta.json"), Beta(Udp.FreePort(), ""));
        Change(server, "\"Archive\": {", "\"Archive\": { \"Codec\": \"zstandard\", ");

        (int dry, string preview) = Run(server, "reload", "--dry-run");
        string before = server.Get("/api/v1/channels");
        (int done, string report) = Run(server, "reload");
        server.Relay(50);
        File.WriteAllText(Path.Combine(channels, "beta.json"), Beta(Udp.FreePort(), ", \"Decimated\": { \"Factor\": 9 }"));
        server.Signal("HUP");
        server.UntilLogged("Reload: 0 added, 1 changed, 0 removed, 1 unchanged");
        File.Delete(Path.Combine(channels, "beta.json"));
        (int removed, string last) = Run(server, "reload");
        server.Relay(50);

        Assert.Multiple(() =>
        {
            Assert.That((dry, done, removed), Is.EqualTo((0, 0, 0)), preview + report + last);
            Assert.That(preview, Does.Contain("beta: would be added").And.Contain("Archive:Codec: Null -> Zstandard; holds with the next file").And.Contain("1 added, 1 changed, 0 removed, 0 unchanged"));
            Assert.That(before, Does.Not.Contain("beta"));
            Assert.That(last, Does.Contain("beta: removed"));
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
            Assert.That(server.Files("*.avro"), Has.Count.EqualTo(1), "no file ended early");
        });
    }

    [Test]
    public void A_stream_moves_to_its_new_port_and_the_archive_is_complete()
    {
        int http = LocalPort.Free();
        using var server = new ServerProcess(urls: $"http://127.0.0.1:{http}");
        using Socket elsewhere = Udp.Receiver(IPAddress.Loopback, 0);
        server.Start("setsid");
        server.Relay(50);
        long before = server.Relayed[^1];
        Change(server, $"\"Port\": {server.RelayPort}", $"\"Port\": {elsewhere.Port()}");

        (int done, string report) = Run(server, "reload");
        server.Send(100);
        int heard = 0;
        Eventually.True(() => (heard += elsewhere.TakeQueued().Count) >= 100, "all are relayed to the new port");

        Assert.Multiple(() =>
        {
            Assert.That(done, Is.Zero, report);
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Relayed[^1], Is.EqualTo(before), "none is relayed to the old port");
            List<long> archived = server.Archived();
            Assert.That(archived, Is.EqualTo(Enumerable.Range(0, archived.Count).Select(i => archived[0] + i)));
            Assert.That((heard, archived[^1]), Is.EqualTo((100, before + 100)));
            Assert.That(server.Files("*.avro"), Has.Count.EqualTo(1), "no file ended early");
        });
    }

    [Test]
    public void One_wrong_key_in_many_files_changes_nothing_and_all_findings_are_reported_at_once()
    {
        using var server = new ServerProcess();
        server.Start("setsid");
        server.Relay(10);
        Eventually.True(() => LocalHttp.TryGet(server.HttpPort, "/health/ready").Contains("\"ready\"", StringComparison.Ordinal), "the server has looked for registered channels");
        string channels = Directory.CreateDirectory(Path.Combine(server.Folder, "data", ".channels")).FullName;
        File.Copy(Path.Combine(server.Folder, "test.avsc"), Path.Combine(channels, "test.avsc"));
        for (int i = 0; i < 50; i++)
            File.WriteAllText(Path.Combine(channels, $"c{i}.json"), $$"""{ "Port": {{26100 + i}}, "Schema": "test.avsc", {{Small}} }""");
        File.WriteAllText(Path.Combine(channels, "c7.json"), $$"""{ "Port": 26107, "Schema": "test.avsc", {{Small.Replace("\"Archive\": {", "\"Archive\": { \"Codec\": \"lzma\", \"Flush\": \"1 s\", ", StringComparison.Ordinal)}} }""");
        Change(server, "\"Archive\": {", "\"Archive\": { \"Codec\": \"nonsense\", ");

        (int exitCode, string report) = Run(server, "reload");
        JsonArray list = JsonNode.Parse(server.Get("/api/v1/channels"))!["channels"]!.AsArray();

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(78));
            Assert.That(report, Does.Contain("c7.json:Archive:Codec").And.Contain("c7.json:Archive:Flush").And.Contain("SpeedData:Channels:0:Archive:Codec"));
            Assert.That(list, Has.Count.EqualTo(1));
            Assert.That(server.Stop(), Is.Zero);
        });
    }

    [Test]
    public void The_command_reloads_only_the_server_with_the_same_configuration()
    {
        using var server = new ServerProcess();
        server.Start("setsid");
        server.Relay(10);
        server.UntilHttpAnswers();
        string other = Path.Combine(server.Folder, "other.json");
        File.WriteAllText(other, File.ReadAllText(server.Config).Replace("\"Storage\": {", "\"Storage\": { \"AvroPath\": \"elsewhere\"", StringComparison.Ordinal));

        (int reload, string why) = RunWith(other, "reload");
        (int health, _) = RunWith(other, "healthcheck");
        (int own, _) = Run(server, "healthcheck");

        Assert.Multiple(() =>
        {
            Assert.That((reload, health, own), Is.EqualTo((69, 1, 0)));
            Assert.That(why, Does.Contain("another server"));
        });
    }

    private const string Small = """ "Receive": { "Address": "127.0.0.1", "BufferBytes": "64 KiB" }, "Ring": { "Bytes": "128 KiB" }, "Archive": { "BlockBytes": "16 KiB" } """;

    private static string Beta(int port, string more) =>
        $$"""{ "Port": {{port}}, "Schema": "test.avsc", "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Enabled": false }, "Decimated": { "Enabled": false }{{more}} }""".Replace("\"Decimated\": { \"Enabled\": false }, \"Decimated\": { ", "\"Decimated\": { \"Enabled\": false, ", StringComparison.Ordinal);

    private static void Change(ServerProcess server, string from, string to) => File.WriteAllText(server.Config, File.ReadAllText(server.Config).Replace(from, to, StringComparison.Ordinal));

    private static (int ExitCode, string Output) Run(ServerProcess server, params string[] arguments) => RunWith(server.Config, arguments);

    private static (int ExitCode, string Output) RunWith(string config, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(ServerProcess.Executable, [.. arguments, "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
