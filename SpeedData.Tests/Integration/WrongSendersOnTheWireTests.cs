using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SpeedData.Server;
using SpeedData.Server.Demo;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server with one wrong sender per loopback address: the hints that an engineer reads about each sender.</summary>
public sealed class WrongSendersOnTheWireTests
{
    private const long Time = 1_772_366_400_123_456_789;
    private static readonly byte[] Record = Good();

    // Each sender's payload and the expected parts of /rejects: reason, field, complete records, and words of the first hint.
    private static readonly Sender[] Senders =
    [
        new("another channel's schema", [.. new byte[16], 1], "invalid: truncated", "ramp", 0, "record of channel 'other'"),
        new("one field missing", Record[..^8], "invalid: truncated", "noise", 0, "a whole record except for one of 'sine_wave', 'ramp', 'square_wave', 'noise'"),
        new("one too many", [.. Record, .. BitConverter.GetBytes(1.5)], "invalid: trailing_bytes", "", 1, "and 8 more: the sender's schema has fields that the channel's lacks"),
        new("JSON text", "{\"time\":1772366400,\"message\":\"hello\",\"counter\":7}"u8.ToArray(), "invalid: ", null, null, "JSON text"),
        new("a container file", [.. "Obj\u0001"u8, 4, .. "\u0016avro.schema"u8, .. new byte[60]], "invalid: ", null, null, "container file"),
        new("a record after a 5-byte schema id", [0, 0, 0, 0, 7, .. Record], "invalid: ", null, null, "without these 5 bytes"),
        new("single-object encoding", [0xC3, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, .. Record], "invalid: ", null, null, "without the 10 bytes"),
        new("two records in one datagram", [.. Record, .. Record], "invalid: trailing_bytes", "", 2, "2 whole records"),
        new("a cut-off record", Record[..^11], "invalid: truncated", "square_wave", 0, "the sender cut it off"),
        new("an empty datagram", [], "invalid: truncated", "time", 0, "an empty datagram"),
        new("noise", [0x1F, .. Enumerable.Repeat((byte)0xFF, 90)], "invalid: varint_too_long", "message", 0, "no names or types"),
        new("integers of fixed width", [.. BitConverter.GetBytes(Time), .. Record[Varint(Time)..^33], .. BitConverter.GetBytes(7), .. Record[^32..]], "invalid: ", null, 0, "8 bytes for a long"),
    ];

    [Test]
    [Platform("Linux")]
    public async Task Each_wrong_sender_is_refused_with_a_fix_and_good_datagrams_in_between_are_archived()
    {
        using var folder = new TempFolder();
        int port = Udp.FreePort(), otherPort = Udp.FreePort();
        using var stop = new CancellationTokenSource();
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = new RecordingLog();
        Task<int> running = Application.RunAsync(
            ["--config", folder.Write("config.json", Configuration(folder, port, otherPort))],
            new ApplicationEnvironment { Output = TextWriter.Null, Error = TestContext.Error, Stop = stop.Token, Log = log, Listening = urls => listening.TrySetResult(urls.First()) });
        _ = running.ContinueWith(ended => listening.TrySetException(new InvalidOperationException($"ended with {ended.Result}")), TaskScheduler.Default);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(await listening.Task) };
        await UntilReadyAsync(http);

        SendAll(port);
        JsonElement counters = await UntilArchivedAsync(http);
        JsonElement groups = (await JsonAsync(http, "/api/v1/channels/example/rejects")).GetProperty("groups");
        await stop.CancelAsync();

        Assert.Multiple(() =>
        {
            Assert.That(running.GetAwaiter().GetResult(), Is.Zero);
            Assert.That(counters.GetProperty("received").GetInt64(), Is.EqualTo((2 * Senders.Length) + 1));
            Assert.That(counters.GetProperty("dropped").GetProperty("invalid").GetInt64(), Is.EqualTo(Senders.Length));
            Assert.That(counters.GetProperty("archived").GetInt64(), Is.EqualTo(Senders.Length + 1), "the valid records, and big-endian doubles, which look like any other doubles");
            for (int i = 0; i < Senders.Length; i++)
                AssertReported(Senders[i], groups.EnumerateArray().Single(g => g.GetProperty("source").GetString() == AddressOf(i)));
        });
    }

    private static void AssertReported(Sender sender, JsonElement group)
    {
        JsonElement sample = group.GetProperty("first")[0];
        Assert.That(group.GetProperty("reason").GetString(), Does.StartWith(sender.Reason), sender.What);
        Assert.That(sample.GetProperty("hex").GetString(), Is.EqualTo(Convert.ToHexStringLower(sender.Datagram)), sender.What);
        Assert.That(sample.GetProperty("offset").GetInt32(), Is.InRange(0, sender.Datagram.Length), sender.What);
        Assert.That(sample.GetProperty("why").GetString(), Is.Not.Empty, sender.What);
        Assert.That(sample.GetProperty("hints")[0].GetString(), Does.Contain(sender.Hint), sender.What);
        if (sender.Field is not null)
            Assert.That(sample.GetProperty("field").GetString(), Is.EqualTo(sender.Field), sender.What);
        if (sender.WholeRecords is { } whole)
            Assert.That(sample.GetProperty("whole_records").GetInt32(), Is.EqualTo(whole), sender.What);
    }

    private static void SendAll(int port)
    {
        var to = new IPEndPoint(IPAddress.Loopback, port);
        using Socket good = Udp.Sender();
        for (int i = 0; i < Senders.Length; i++)
        {
            using Socket wrong = Udp.Sender(AddressOf(i));
            wrong.SendTo(Senders[i].Datagram, to);
            good.SendTo(Record, to);
        }
        byte[] bigEndian = [.. Record];
        for (int at = Record.Length - 32; at < Record.Length; at += 8)
            bigEndian.AsSpan(at, 8).Reverse();
        good.SendTo(bigEndian, to);
    }

    private static async Task UntilReadyAsync(HttpClient http)
    {
        // An archive is ready before its first datagram. The test may send only after the sockets are open.
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            },
            () => "ready");
    }

    private static async Task<JsonElement> UntilArchivedAsync(HttpClient http)
    {
        JsonElement counters = default;
        await Eventually.TrueAsync(
            async () =>
            {
                counters = (await JsonAsync(http, "/api/v1/channels/example")).GetProperty("counters");
                return counters.GetProperty("received").GetInt64() == (2 * Senders.Length) + 1 && counters.GetProperty("pending").GetInt64() == 0;
            },
            () => $"all are received and archived: {counters}");
        return counters;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient http, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }

    private static string Configuration(TempFolder folder, int port, int otherPort)
    {
        File.Copy(TestChannels.ExampleSchema, Path.Combine(folder.Path, "example.avsc"));
        folder.Write("other.avsc", """{"type":"record","name":"other","fields":[{"name":"a","type":"double"},{"name":"b","type":"double"},{"name":"c","type":"boolean"}]}""");
        return $$"""
            { "Urls": "http://127.0.0.1:0", "SpeedData": {
                "Defaults": { "Receive": { "Address": "127.0.0.1", "BufferBytes": "256 KiB" }, "FullRate": { "Enabled": false }, "Decimated": { "Enabled": false }, "Archive": { "FlushEvery": "10 ms" } },
                "Channels": [ { "Name": "example", "Port": {{port}}, "Schema": "example.avsc" }, { "Name": "other", "Port": {{otherPort}}, "Schema": "other.avsc" } ] } }
            """;
    }

    private static string AddressOf(int sender) => $"127.0.77.{sender + 1}";

    private static byte[] Good()
    {
        byte[] buffer = new byte[DemoSignal.MaxBytes];
        return buffer[..DemoSignal.Encode(buffer, Time, 7, 0.25)];
    }

    private static int Varint(long value) => (System.Numerics.BitOperations.Log2((ulong)value << 1) / 7) + 1;

    private sealed record Sender(string What, byte[] Datagram, string Reason, string? Field, int? WholeRecords, string Hint);
}
