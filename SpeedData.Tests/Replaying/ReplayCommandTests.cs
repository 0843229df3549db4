using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Replaying;

/// <summary>The command replay, as run from a shell, sending to sockets on loopback.</summary>
public sealed class ReplayCommandTests : CommandFixture
{
    [Test]
    public async Task Records_are_sent_byte_for_byte_in_order()
    {
        Pristine archive = Put("one", 3, 5, 4);
        using Socket socket = Receiver(out int port);
        Assert.That(await ReplayAsync("--speed", "max", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        Assert.That(socket.Take(12), Is.EqualTo(archive.File.Records().Select(record => record.Encode())));
        Assert.That(Run.Output, Does.Contain("one: 12 records").And.Contain("12 datagrams sent"));
    }

    [Test]
    public async Task Channels_are_sent_in_the_order_of_time_to_their_own_addresses()
    {
        byte[][] one = Encoded(Put("one", 1, 1, 1)), two = Encoded(Put("two", 2, 2, 2));
        using Socket both = Receiver(out int port);
        Assert.That(await ReplayAsync("--channel", "one,two", "--speed", "max", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        Assert.That(both.Take(9), Is.EqualTo(new[] { one[0], two[0], two[1], one[1], two[2], two[3], one[2], two[4], two[5] }));

        using Socket other = Receiver(out int otherPort);
        Assert.That(await ReplayAsync("--channel", "one,two", "--speed", "max", "--send-to", $"127.0.0.1:{port}", "--send-to", $"two=127.0.0.1:{otherPort}"), Is.Zero, Run.Error);
        Assert.That((both.Take(3).ToArray(), other.Take(6).ToArray()), Is.EqualTo((one, two)));
    }

    [Test]
    public async Task A_slower_replay_takes_longer_in_proportion()
    {
        Put("one", [.. Enumerable.Repeat(1, 21)]);
        using Socket socket = Receiver(out int port);
        foreach ((string speed, double seconds) in ((string, double)[])[("0.1", 0.2), ("0.04", 0.5)])
        {
            using var run = new CommandRun();
            Assert.That(await run.RunAsync("replay", Folder.Path, "--speed", speed, "--json", "--send-to", $"127.0.0.1:{port}"), Is.Zero, run.Error);
            JsonElement told = JsonElement.Parse(run.Output);
            Assert.That(told.GetProperty("seconds").GetDouble(), Is.InRange(seconds, seconds + 1));
            socket.Take(21);
        }
    }

    [Test]
    public async Task Only_the_records_of_the_range_are_sent()
    {
        Pristine archive = Put("one", 3, 5, 4);
        string from = (await Run.TextAsync("export", Folder.Path, "--fields", "sequence", "--format", "csv", "--output", "-")).Split('\n')[4].Split(',')[2];
        using Socket socket = Receiver(out int port);
        Assert.That(await ReplayAsync("--from", from, "--speed", "max", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        Assert.That(socket.Take(9), Is.EqualTo(Encoded(archive)[3..]));
    }

    [Test]
    public async Task The_decimated_stream_follows_the_channels_configuration_and_uses_the_next_port()
    {
        byte[][] records = Encoded(Put("one", 3, 5, 4));
        string config = Configure("one", Udp.FreePort(), """ "Decimated": { "Address": "239.1.1.2", "Port": 6001, "Factor": 4, "Algorithm": "Downsample" } """);
        using Socket full = Receiver(out int port);
        using Socket decimated = Udp.Receiver(IPAddress.Loopback, port + 1);
        Assert.That(await ReplayAsync("--config", config, "--stream", "both", "--speed", "max", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        Assert.That(full.Take(12), Is.EqualTo(records));
        Assert.That(decimated.Take(3), Is.EqualTo(new[] { records[3], records[7], records[11] }));
    }

    [Test]
    public async Task A_window_of_the_decimated_stream_ends_at_its_longest_time()
    {
        byte[][] records = Encoded(Put("one", 1, 1, 1));
        string config = Configure("one", Udp.FreePort(), """ "Decimated": { "Address": "239.1.1.2", "Port": 6001, "Factor": 100, "MaxWindow": "1ms" } """);
        using Socket decimated = Receiver(out int port);
        // The blocks are 1 ms apart, so 50 ms in this replay: each window ends before the next record is sent.
        Assert.That(await ReplayAsync("--config", config, "--stream", "decimated", "--speed", "0.02", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        Assert.That(decimated.Take(3), Is.EqualTo(records));
    }

    [Test]
    public async Task Without_an_address_the_configured_stream_is_the_target()
    {
        byte[][] records = Encoded(Put("one", 2));
        using Socket socket = Receiver(out int port);
        string config = Configure("one", Udp.FreePort(), $$""" "FullRate": { "Address": "127.0.0.1", "Port": {{port}} }, "Decimated": { "Enabled": false } """);
        Assert.That(await ReplayAsync("--config", config, "--speed", "max"), Is.Zero, Run.Error);
        Assert.That(socket.Take(2), Is.EqualTo(records));
        Assert.That(await ReplayAsync("--config", config, "--stream", "decimated"), Is.EqualTo(64));
        Assert.That(Run.Error, Does.Contain("Decimated:Enabled = false"));
    }

    [Test]
    public async Task Keys_pause_and_seek()
    {
        byte[][] records = Encoded(Put("one", 2, 2));
        using Socket socket = Receiver(out int port);
        var keys = new Queue<ConsoleKey?>([ConsoleKey.Spacebar, null, null, ConsoleKey.LeftArrow, null]);
        Run.Key = () => keys.TryDequeue(out ConsoleKey? key) ? key : null;
        Assert.That(await ReplayAsync("--start-paused", "--speed", "0.01", "--send-to", $"127.0.0.1:{port}"), Is.Zero, Run.Error);
        // The key seeks to before the first record, so the replay begins again.
        List<byte[]> came = socket.TakeQueued();
        Assert.That(came.TakeLast(4), Is.EqualTo(records));
        Assert.That(came, Has.Count.GreaterThanOrEqualTo(4));
        Assert.That(keys, Is.Empty);
    }

    [TestCase(new[] { "--send-to", "nowhere" }, 64, "--send-to nowhere: use HOST:PORT")]
    [TestCase(new[] { "--send-to", "0.0.0.0:7" }, 64, "--send-to 0.0.0.0:7: 0.0.0.0 is not an address of a host; for this host use 127.0.0.1\n")]
    [TestCase(new[] { "--send-to", "two=127.0.0.1:7" }, 64, "--channel does not name 'two'")]
    [TestCase(new[] { "--speed", "0" }, 64, "'--speed' 0")]
    [TestCase(new[] { "--speed", "fast" }, 64, "'--speed' fast")]
    [TestCase(new[] { "--start-paused", "--send-to", "127.0.0.1:7" }, 64, "--start-paused needs a terminal")]
    [TestCase(new[] { "--channel", "three", "--send-to", "127.0.0.1:7" }, 64, "--channel three: there are one")]
    public async Task Errors_name_what_is_wrong(string[] arguments, int code, string message)
    {
        Put("one", 1);
        Assert.That(await ReplayAsync(arguments), Is.EqualTo(code));
        Assert.That(Run.Error, Does.Contain(message).And.Not.Contain("   at "));
    }

    [Test]
    public async Task An_address_of_a_running_recorder_is_refused_unless_forced()
    {
        Put("one", 1);
        using var server = new ServerProcess();
        server.Start();
        server.UntilItRelays();
        foreach (int taken in (int[])[server.Port, server.RelayPort])
        {
            Assert.That(await ReplayAsync("--speed", "max", "--send-to", $"127.0.0.1:{taken}"), Is.EqualTo(64));
            Assert.That(Run.Error, Does.Contain($"--send-to 127.0.0.1:{taken}: the running recorder").And.Contain("--force"));
        }

        Assert.That(await ReplayAsync("--speed", "max", "--force", "--send-to", $"127.0.0.1:{server.Port}"), Is.Zero);
    }

    [Test]
    public async Task A_loop_over_an_empty_range_ends()
    {
        Put("one", 3);
        Assert.That(await ReplayAsync("--loop", "--to", "1990-01-01T00:00:00Z", "--send-to", "127.0.0.1:7"), Is.Zero, Run.Error);
        Assert.That(Run.Output, Does.Contain("0 records"));
    }

    private static Socket Receiver(out int port)
    {
        port = Udp.FreePort();
        return Udp.Receiver(IPAddress.Loopback, port);
    }

    private static byte[][] Encoded(Pristine archive) => [.. archive.File.Records().Select(record => record.Encode())];

    private Task<int> ReplayAsync(params string[] arguments) => Run.RunAsync(["replay", Folder.Path, .. arguments]);

    private Pristine Put(string channel, params int[] blocks)
    {
        Pristine archive = RecoveryBench.Timeless(blocks);
        string folder = Directory.CreateDirectory(Path.Combine(Folder.Path, channel)).FullName;
        File.WriteAllBytes(Path.Combine(folder, archive.Finished), archive.Bytes);
        File.WriteAllBytes(Path.Combine(folder, archive.IndexName), archive.Index);
        return archive;
    }

    private string Configure(string channel, int port, string keys)
    {
        string schema = Path.Combine(Folder.Path, "one.avsc"), config = Path.Combine(Folder.Path, "config.json");
        File.WriteAllText(schema, TestRecord.Schema);
        string full = keys.Contains("FullRate", StringComparison.Ordinal) ? "" : """ "FullRate": { "Port": 6000 }, """;
        File.WriteAllText(config, $$"""{ "SpeedData": { "Channels": [ { "Name": "{{channel}}", "Port": {{port}}, "Schema": {{JsonSerializer.Serialize(schema)}}, {{full}} {{keys}} } ] } }""");
        return config;
    }
}
