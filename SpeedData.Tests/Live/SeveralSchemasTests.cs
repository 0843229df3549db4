using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using SpeedData.Tests.Page;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Live;

/// <summary>A channel with two schemas, in the live feed and on the page.</summary>
[NonParallelizable]
public sealed class SeveralSchemasTests
{
    private const string Newer = """{ "type": "record", "name": "v", "fields": [ { "name": "shared", "type": "double" }, { "name": "added", "type": "int" }, { "name": "mode", "type": "string" } ] }""";
    private const string Older = """{ "type": "record", "name": "v", "fields": [ { "name": "shared", "type": "float" }, { "name": "gone", "type": "boolean" } ] }""";

    private static readonly byte[] NewRecord = [.. BitConverter.GetBytes(1.5), 14, 4, (byte)'o', (byte)'n'], OldRecord = [.. BitConverter.GetBytes(2.5f), 1];

    private PageServer _server = null!;

    [SetUp]
    public void Start()
    {
        _server = new PageServer(["alpha"], channelKeys: """{ "Decimated": { "Enabled": false, "Factor": 2 } }""", schema: Newer, older: Older);
        _server.Start();
    }

    [TearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task The_feed_has_the_signals_of_both_schemas_and_the_values_of_each_datagram()
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort);
        JsonElement signals = (await client.UntilAsync("signals")).GetProperty("channels")[0].GetProperty("signals");
        await client.SendAsync("""{"type":"subscribe","id":1,"signals":["alpha.shared","alpha.added","alpha.mode","alpha.gone"],"width_ms":20}""");
        await client.UntilAsync("subscribed");
        await SendAsync(400);

        var rows = new List<double[]>();
        var changes = new List<string>();
        while (rows.Sum(row => row[3]) < 400)
        {
            (JsonElement? text, Frame? frame) = await client.NextAsync();
            rows.AddRange(frame?.Rows ?? []);
            if (text is { } message && message.GetProperty("type").GetString() == "changes")
                changes.AddRange(message.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("signal")}={change.GetProperty("value")}"));
        }

        double[][] later = [.. rows.SkipWhile(row => double.IsNaN(row[16])).Skip(1)];
        Assert.Multiple(() =>
        {
            Assert.That(signals.EnumerateArray().Select(signal => $"{signal.GetProperty("name")} {signal.GetProperty("type")} {signal.GetProperty("partial")}"), Is.EqualTo(new[] { "shared double False", "added int True", "mode string True", "gone boolean True" }));
            Assert.That(rows.Sum(row => row[12]), Is.EqualTo(400), "each record has the signal");
            Assert.That(rows.Sum(row => row[17]), Is.EqualTo(200), "half of the records have the signal");
            Assert.That(later.Select(row => row[16]), Is.All.EqualTo(7), "the last received value");
            Assert.That(changes, Is.EquivalentTo(new[] { "alpha.mode=on", "alpha.gone=True" }), "a record without the signal is no change");
        });
    }

    [TestCase("/api/v1/live/json?channel=alpha")]
    public async Task Decimated_records_of_both_schemas_are_sent_as_json(string path)
    {
        using LiveClient client = await LiveClient.ConnectAsync(_server.HttpPort, path);
        using var stop = new CancellationTokenSource();
        Task sending = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await SendAsync(20);
        });

        var records = new List<string>();
        while (records.Count < 20)
            records.Add(string.Join(' ', (await client.NextAsync()).Text!.Value.EnumerateObject().Select(property => property.Name).Where(name => name != "time")));
        await stop.CancelAsync();
        await sending;

        Assert.That(records.Distinct(), Is.EquivalentTo(new[] { "shared added mode", "shared gone" }));
    }

    [Test]
    public async Task The_page_shows_the_values_of_both_schemas()
    {
        IPage page = await Browser.OpenAsync($"{_server.Address}#/channel/alpha");
        Assert.That(await page.InnerTextAsync("[data-signal='alpha.gone']"), Is.EqualTo("–"));
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync(20);
                return await page.EvaluateAsync<string>("() => ['shared', 'added', 'mode', 'gone'].map(name => document.querySelector(`.values [data-signal='alpha.${name}']`).textContent).join(' ')") is "1.5000 7 on true" or "2.5000 7 on true";
            }, () => "all values show");
        // Records without this field neither remove its value nor set it to null.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < 1; await Task.Delay(20))
        {
            _server.Send("alpha", OldRecord);
            Assert.That(await page.InnerTextAsync(".values [data-signal='alpha.added']"), Is.EqualTo("7"));
        }

        await page.Context.CloseAsync();
    }

    private async Task SendAsync(int records)
    {
        for (int i = 0; i < records; i++)
        {
            _server.Send("alpha", i % 2 == 0 ? NewRecord : OldRecord);
            if (i % 10 == 9)
                await Task.Delay(5);
        }
    }
}
