using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Live;

/// <summary>The live feed of the real server. Each test has a server of its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class LiveFeedTests : IDisposable
{
    private readonly ServerProcess _server = new();

    [SetUp]
    public void Start()
    {
        _server.Start();
        _server.UntilItRelays();
        _server.UntilHttpAnswers();
    }

    public void Dispose() => _server.Dispose();

    [Test]
    public async Task Two_hundred_buckets_hold_exactly_what_the_full_stream_carries()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        await client.SendAsync("""{"type":"subscribe","id":7,"signals":["alpha.sequence","alpha.text"],"width_ms":20}""");
        JsonElement subscribed = await client.UntilAsync("subscribed");
        uint table = subscribed.GetProperty("tables")[0].GetProperty("table").GetUInt32();
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(() =>
        {
            // Reads the stream continuously, so that its receiver loses no datagram.
            while (!stop.IsCancellationRequested)
                _server.Relay(3);
        });

        var rows = new List<double[]>();
        var widths = new List<double>();
        while (rows.Count < 201)
        {
            (_, Frame? frame) = await client.NextAsync();
            if (frame is null)
                continue;
            Assert.That(frame.Table, Is.EqualTo(table));
            rows.AddRange(frame.Rows);
            widths.AddRange(frame.Rows.Select(_ => frame.Width));
        }

        await stop.CancelAsync();
        await sending;
        long next = (long)rows[0][8];
        long end = next + (long)rows.Take(200).Sum(row => row[3]);
        Eventually.True(
            () =>
            {
                _server.Relay(1);
                return _server.Relayed[^1] >= end;
            },
            "the stream is complete");
        List<long> stream = [.. _server.Relayed.SkipWhile(sequence => sequence < next)];
        foreach ((double[] row, double width) in rows.Zip(widths).Take(200))
        {
            long[] bucket = [.. stream.Take((int)row[3])];
            stream.RemoveRange(0, bucket.Length);
            Assert.Multiple(() =>
            {
                Assert.That(row[8..13], Is.EqualTo(new[] { bucket.Min(), bucket.Max(), bucket.Sum() / (double)bucket.Length, bucket[^1], bucket.Length }));
                Assert.That(row[0] % width, Is.Zero);
                Assert.That(row[1], Is.GreaterThanOrEqualTo(row[0]).And.LessThan(row[0] + width));
                Assert.That(row[4..8], Is.All.Zero);
            });
        }
    }

    [Test]
    public async Task Texts_are_sent_as_changes_after_the_present_value()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        await client.SendAsync("""{"type":"subscribe","id":1,"signals":["ALPHA.text"]}""");
        await client.UntilAsync("subscribed");
        _server.Send(5);

        JsonElement changes = await client.UntilAsync("changes");

        Assert.Multiple(() =>
        {
            Assert.That(changes.GetProperty("id").GetInt32(), Is.EqualTo(1));
            Assert.That(changes.GetProperty("changes").GetArrayLength(), Is.EqualTo(1), "the others are the same");
            Assert.That(changes.GetProperty("changes")[0].GetProperty("signal").GetString(), Is.EqualTo("alpha.text"));
            Assert.That(changes.GetProperty("changes")[0].GetProperty("value").GetString(), Is.EqualTo("sent"));
        });
    }

    [Test]
    public async Task Signals_and_states_of_all_channels_are_sent_right_after_the_opening()
    {
        double before = NowMs();
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);

        JsonElement hello = await client.UntilAsync("hello");
        double after = NowMs();
        JsonElement signals = await client.UntilAsync("signals");
        JsonElement first = await client.UntilAsync("channels");
        _server.Send(1);
        JsonElement second;
        do
            second = await client.UntilAsync("channels");
        while (second.GetProperty("channels").GetArrayLength() == 0);

        Assert.Multiple(() =>
        {
            Assert.That(hello.GetProperty("time").GetDouble(), Is.InRange(before - 1, after + 1));
            Assert.That(signals.GetProperty("channels")[0].GetProperty("signals").EnumerateArray().Select(signal => $"{signal.GetProperty("name")} {signal.GetProperty("type")} {signal.GetProperty("kind")}"), Is.EqualTo(new[] { "sequence long number", "text string change" }));
            Assert.That(first.GetProperty("channels")[0].TryGetProperty("config", out _), Is.True);
            Assert.That(first.GetProperty("channels")[0].GetProperty("live").GetProperty("watched").GetBoolean(), Is.False);
            Assert.That(first.TryGetProperty("disk", out _), Is.True);
            Assert.That(second.GetProperty("channels")[0].TryGetProperty("config", out _), Is.False, "the configuration did not change");
            Assert.That(second.GetProperty("channels")[0].GetProperty("name").GetString(), Is.EqualTo("alpha"));
        });
    }

    [Test]
    public async Task The_counters_come_with_the_time_at_which_they_were_read()
    {
        using LiveClient first = await LiveClient.ConnectAsync(_server.HttpPort);
        await first.UntilAsync("channels");
        double before = NowMs();
        _server.Send(10);
        using LiveClient second = await LiveClient.ConnectAsync(_server.HttpPort);

        // Watchers share a reading, which may be almost a second old.
        JsonElement states = await second.UntilAsync("channels");

        double read = states.GetProperty("read").GetDouble(), sent = states.GetProperty("time").GetDouble();
        long received = states.GetProperty("channels")[0].GetProperty("counters").GetProperty("received").GetInt64();
        Assert.Multiple(() =>
        {
            Assert.That(read, Is.LessThanOrEqualTo(sent));
            Assert.That(received < 10, Is.EqualTo(read < before), "counters without the ten datagrams are from before these were sent");
        });
    }

    [Test]
    public async Task A_request_for_a_million_signals_ends_the_connection()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        string many = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"alpha.s{i}\""));
        try
        {
            await client.SendAsync($$"""{"type":"subscribe","id":1,"signals":[{{many}}]}""");
        }
        catch (WebSocketException)
        {
            // The connection was closed while a message was being sent.
        }

        try
        {
            Assert.That(await client.UntilClosedAsync(), Is.EqualTo(WebSocketCloseStatus.MessageTooBig));
        }
        catch (WebSocketException)
        {
            // The connection ended before the reason could be read.
        }

        _server.Relay(3);
    }

    [Test]
    public async Task The_number_of_clients_is_limited_and_a_place_is_free_again_immediately()
    {
        var clients = new List<LiveClient>();
        for (int i = 0; i < 32; i++)
            clients.Add(await LiveClient.ConnectAsync(_server.HttpPort));

        HttpStatusCode refused = await LiveClient.StatusOfAsync(_server.HttpPort, "/api/v1/live", "speeddata.live.v1");
        clients[0].Dispose();
        using LiveClient another = await LiveClient.ConnectAsync(_server.HttpPort);
        clients.ForEach(client => client.Dispose());

        Assert.That(refused, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [TestCase("", ExpectedResult = null)]
    [TestCase("json", ExpectedResult = "json")]
    [TestCase("speeddata.bearer.c2VjcmV0,json", ExpectedResult = "json")]
    [TestCase("speeddata.bearer.c2VjcmV0", ExpectedResult = null)]
    public async Task<string?> Text_frames_work_with_any_subprotocol_except_the_token(string offered)
    {
        using LiveClient ready = await LiveClient.ConnectAsync(_server.HttpPort);
        using var socket = new ClientWebSocket();
        foreach (string subprotocol in offered.Split(',', StringSplitOptions.RemoveEmptyEntries))
            socket.Options.AddSubProtocol(subprotocol);

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_server.HttpPort}/api/v1/live/json?channel=alpha"), CancellationToken.None);

        return socket.SubProtocol;
    }

    [Test]
    public async Task The_predecessors_pages_get_an_object_for_each_decimated_record()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort, "/api/v1/live/json?channel=alpha");
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _server.Send(5);
                Thread.Sleep(1);
            }
        });

        var records = new List<JsonElement>();
        while (records.Count < 10)
            records.Add((await client.NextAsync()).Text!.Value);
        await stop.CancelAsync();
        await sending;

        Assert.Multiple(() =>
        {
            Assert.That(records.Select(record => record.GetProperty("sequence").GetInt64()).Zip(records.Skip(1).Select(record => record.GetProperty("sequence").GetInt64()), (one, next) => next - one), Is.All.EqualTo(5), "one of five");
            Assert.That(records[0].EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "time", "sequence", "text" }));
            Assert.That(records[0].GetProperty("time").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        });
    }

    [Test]
    public async Task Refused_datagrams_are_shown_even_if_no_others_arrive()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        await client.SendAsync("""{"type":"subscribe","id":1,"signals":["alpha.sequence"]}""");
        await client.UntilAsync("subscribed");
        using Socket sender = Udp.Sender();
        double refused = 0;
        while (refused < 1)
        {
            sender.SendTo(new byte[] { 0x80 }, new IPEndPoint(IPAddress.Loopback, _server.Port));
            (_, Frame? frame) = await client.NextAsync();
            refused += frame?.Rows.Sum(row => row[6]) ?? 0;
        }

        Assert.That(refused, Is.GreaterThanOrEqualTo(1));
    }

    private static double NowMs() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
}
