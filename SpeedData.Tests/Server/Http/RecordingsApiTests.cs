using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Http;

/// <summary>Recordings over HTTP.</summary>
public sealed class RecordingsApiTests
{
    private TempFolder _folder = null!;
    private Pristine _archive = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new TempFolder();
        _archive = RecoveryBench.Timeless(3, 5, 4);
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "test")).FullName;
        File.WriteAllBytes(Path.Combine(folder, _archive.Finished), _archive.Bytes);
        File.WriteAllBytes(Path.Combine(folder, _archive.IndexName), _archive.Index);
    }

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task Records_are_served_as_csv_with_their_range()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        using HttpResponseMessage answer = await server.Client.GetAsync(new Uri("/api/v1/channels/test/records?format=csv&fields=sequence&from=2026-01-01T00:00:00Z", UriKind.Relative));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
            Assert.That(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(13));
            Assert.That(answer.Headers.GetValues("SpeedData-Range").Single(), Does.StartWith("2026-01-01T00:00:00.000000000Z to the end"));
        });
    }

    [Test]
    public async Task An_empty_range_is_200_with_the_header_row()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        Assert.That(await server.TextAsync("/api/v1/channels/test/records?format=csv&to=1990-01-01T00:00:00Z"), Is.EqualTo("elapsed,sequence,text,received_time,source,lost_before\n"));
    }

    [TestCase("csv")]
    [TestCase("parquet")]
    [TestCase("hdf5")]
    [TestCase("mcap")]
    public async Task A_channel_without_recordings_has_its_columns_and_no_rows(string format)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path, channels: TestChannels.Active());
        using HttpResponseMessage answer = await server.Client.GetAsync(new Uri($"/api/v1/channels/example/records?format={format}&from=-10min", UriKind.Relative));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        if (format == "csv")
            Assert.That(text, Is.EqualTo("time,time_ns,elapsed,message,counter,sine_wave,ramp,square_wave,noise,received_time,source,lost_before\n"));
        (int status, JsonElement list) = await server.JsonAsync("/api/v1/channels/example/archives");
        Assert.That((status, list.GetProperty("archives").GetArrayLength()), Is.EqualTo((200, 0)));
    }

    [Test]
    public async Task Channels_with_and_without_records_are_served_together()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path, channels: TestChannels.Active());
        string[] lines = (await server.TextAsync("/api/v1/export?channels=test,example&format=csv&fields=ramp,sequence,channel")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That((lines[0], lines.Length), Is.EqualTo(("channel,time,time_ns,elapsed,sequence,ramp,received_time,source,lost_before", 13)));
    }

    [Test]
    public async Task A_file_that_is_being_written_is_listed_and_served()
    {
        string finished = Path.Combine(_folder.Path, "test", _archive.Finished);
        File.Move(finished, finished + ".part");
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (_, JsonElement list) = await server.JsonAsync("/api/v1/channels/test/archives");
        string name = list.GetProperty("archives")[0].GetProperty("file").GetString()!;
        Assert.That(name, Does.EndWith(".part"));
        Assert.That(await server.Client.GetByteArrayAsync(new Uri($"/api/v1/channels/test/archives/{name}", UriKind.Relative)), Is.EqualTo(_archive.Bytes));
    }

    [Test]
    public async Task The_server_computes_the_points()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int status, JsonElement rows) = await server.JsonAsync("/api/v1/channels/test/records?max_points=1");
        Assert.That((status, rows[0].GetProperty("count").GetInt64(), rows[0].GetProperty("sequence_max").GetInt64()), Is.EqualTo((200, 12, 11)));
    }

    [Test]
    public async Task Points_of_a_large_file_are_the_same_with_and_without_its_summary()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "large")).FullName;
        byte[] block = ContainerBuilder.Longs([.. Enumerable.Range(0, 10_000).Select(i => long.MaxValue - i)]);
        ContainerBuilder file = ContainerBuilder.Of(ContainerBuilder.LongSchema, null);
        for (int i = 0; i < 90; i++)
            file.Block("null", 10_000, block);
        File.WriteAllBytes(Path.Combine(folder, "large.avro"), file.Bytes);
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        const string Query = "/api/v1/channels/large/records?max_points=1&format=csv";
        string first = await server.TextAsync(Query);
        Assert.That(File.Exists(Path.Combine(folder, "large.sum")), Is.True);
        Assert.That(await server.TextAsync(Query), Is.EqualTo(first));
    }

    [TestCase("/api/v1/channels/test/records?from=14:00:00", 400, "without a zone")]
    [TestCase("/api/v1/channels/test/records?fields=speed", 400, "no signal is called 'speed'")]
    [TestCase("/api/v1/channels/test/records?every=0", 400, "every 0")]
    [TestCase("/api/v1/channels/test/archives?from=14:00:00", 400, "without a zone")]
    [TestCase("/api/v1/channels/other/records", 404, "Channel not found")]
    [TestCase("/api/v1/channels/other/archives", 404, "'other'")]
    [TestCase("/api/v1/export", 400, "channels")]
    [TestCase("/api/v1/channels/test/archives/..%2Ftest", 404, "no file")]
    [TestCase("/api/v1/channels/test/records?tag=other", 400, "tag other: there is no such tag")]
    [TestCase("/api/v1/channels/test/records?from=now&to=-1min", 400, "from (")]
    public async Task Errors_are_reported(string path, int expected, string message)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int status, JsonElement body) = await server.JsonAsync(path);
        Assert.That(status, Is.EqualTo(expected), $"{body}");
        Assert.That(body.GetProperty("error").GetString(), Does.Contain(message).And.Not.Contain("--"));
    }

    [Test]
    public async Task Readers_beyond_the_limit_are_asked_to_retry()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path, readers: 1);
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.Client.GetAsync(new Uri("/api/v1/channels/test/records?format=csv", UriKind.Relative))));
        HttpResponseMessage[] busy = [.. answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable)];
        Assert.That(answers.Where(answer => answer.IsSuccessStatusCode), Is.Not.Empty);
        Assert.That(busy, Is.Not.Empty);
        Assert.That(busy.All(answer => answer.Headers.RetryAfter is not null), Is.True);
        foreach (HttpResponseMessage answer in answers)
            answer.Dispose();
    }

    [Test]
    public async Task Runs_and_coverage_show_what_was_recorded()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (_, JsonElement runs) = await server.JsonAsync("/api/v1/runs");
        (_, JsonElement coverage) = await server.JsonAsync("/api/v1/coverage?from=2026-01-01T00:00:00Z");
        (_, JsonElement none) = await server.JsonAsync("/api/v1/coverage?from=2027-01-01T00:00:00Z");
        Assert.Multiple(() =>
        {
            Assert.That(runs.GetProperty("runs")[0].GetProperty("id").GetString(), Is.EqualTo("20260102T030405Z"));
            Assert.That(coverage.GetProperty("channels")[0].GetProperty("segments")[0].GetProperty("records").GetInt64(), Is.EqualTo(12));
            Assert.That(none.GetProperty("channels").GetArrayLength(), Is.Zero);
        });
    }

    [Test]
    public async Task Runs_use_the_pause_of_a_channel_added_later_and_those_of_one_second_share_a_page()
    {
        ChannelOptions later = TestChannels.Options("test") with { Runs = new RunOptions { Pause = TimeSpan.FromMicroseconds(500) } };
        await using TestServer server = await TestServer.StartAsync(new SpeedDataOptions { AvroPath = _folder.Path, Channels = [] }, TestChannels.Active(later));
        (_, JsonElement runs) = await server.JsonAsync("/api/v1/runs?limit=1");
        Assert.That((runs.GetProperty("runs").GetArrayLength(), runs.GetProperty("next").ValueKind), Is.EqualTo((3, JsonValueKind.Null)));
    }

    [TestCase("limit=1", 1)]
    [TestCase("limit=1&after=20260102T030406Z", 1)]
    [TestCase("after=20260102T030405Z", 0)]
    public async Task Coverage_is_split_by_run_on_request(string page, int expected)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int status, JsonElement coverage) = await server.JsonAsync($"/api/v1/coverage?{page}");
        Assert.That((status, coverage.GetProperty("channels").GetArrayLength(), coverage.GetProperty("next").ValueKind), Is.EqualTo((200, expected, JsonValueKind.Null)));
    }

    [TestCase("/api/v1/runs?limit=0")]
    [TestCase("/api/v1/coverage?limit=x")]
    [TestCase("/api/v1/channels/test/archives?limit=-5")]
    public async Task A_limit_that_is_not_a_positive_number_is_refused(string path)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int status, JsonElement body) = await server.JsonAsync(path);
        Assert.That((status, body.GetProperty("error").GetString()), Is.EqualTo((400, $"limit {path.Split('=')[1]}: use a number from 1 to 2147483647")));
    }

    [TestCase("from=2026-01-01T00:00:00Z", 1)]
    [TestCase("from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z", 1)]
    [TestCase("to=2026-01-01T00:00:00Z", 0)]
    [TestCase("from=2026-01-03T00:00:00Z", 0)]
    public async Task Archives_are_listed_by_the_receive_time_of_their_records(string range, int expected)
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        (int status, JsonElement list) = await server.JsonAsync($"/api/v1/channels/test/archives?{range}");
        Assert.That((status, list.GetProperty("archives").GetArrayLength()), Is.EqualTo((200, expected)));
    }

    [Test]
    public async Task An_archive_is_served_completely_or_in_ranges_and_not_again_if_unchanged()
    {
        await using TestServer server = await TestServer.StartAsync(_folder.Path);
        var uri = new Uri($"/api/v1/channels/test/archives/{_archive.Finished}", UriKind.Relative);
        using HttpResponseMessage whole = await server.Client.GetAsync(uri);
        using var part = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { Range = new RangeHeaderValue(4, 9) } };
        using HttpResponseMessage ranged = await server.Client.SendAsync(part);
        using var again = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        using HttpResponseMessage unchanged = await server.Client.SendAsync(again);
        (_, JsonElement list) = await server.JsonAsync("/api/v1/channels/test/archives");
        Assert.Multiple(async () =>
        {
            Assert.That(await whole.Content.ReadAsByteArrayAsync(), Is.EqualTo(_archive.Bytes));
            Assert.That(ranged.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
            Assert.That(await ranged.Content.ReadAsByteArrayAsync(), Is.EqualTo(_archive.Bytes[4..10]));
            Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
            Assert.That(list.GetProperty("archives")[0].GetProperty("index_bytes").GetInt64(), Is.EqualTo(_archive.Index.Length));
        });
    }
}
