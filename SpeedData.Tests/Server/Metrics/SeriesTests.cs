using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Metrics;

public sealed class SeriesTests
{
    private static readonly string[] Reasons = ["kernel", "invalid", "source_denied", "ring_full", "disk", "fault"];

    private static readonly string[] DeletionReasons = ["age", "bytes", "free_space"];

    [Test]
    public async Task Counters_exist_with_value_zero_before_anything_happens()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Starting(TestChannels.Options()));

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        string[] plain = ["received_datagrams", "received_bytes", "archived_records", "archived_bytes", "archive_sync_errors", "channel_restarts"];
        Assert.Multiple(() =>
        {
            Assert.That(plain.Select(n => scrape.Of($"speeddata_{n}_total", "example")), Is.All.Zero);
            Assert.That(Reasons.Select(r => scrape.Of("speeddata_dropped_datagrams_total", "example", $"reason=\"{r}\"")), Is.All.Zero);
            Assert.That(scrape.SeriesOf("speeddata_dropped_datagrams_total").Count(), Is.EqualTo(6));
            Assert.That(DeletionReasons.Select(r => scrape.Of("speeddata_archive_files_deleted_total", "example", $"reason=\"{r}\"")), Is.All.Zero);
            Assert.That(scrape.SeriesOf("speeddata_archive_files_deleted_total").Count(), Is.EqualTo(3));
            Assert.That(scrape.SeriesOf("speeddata_relayed_datagrams_total").Count(), Is.EqualTo(2));
            Assert.That(scrape.SeriesOf("speeddata_relay_errors_total").Count(), Is.EqualTo(2));
            Assert.That(scrape.Of("speeddata_channel_up", "example"), Is.Zero);
            Assert.That(scrape.Of("speeddata_archive_up", "example"), Is.Zero);
        });
    }

    [Test]
    public async Task Each_figure_has_its_own_series()
    {
        TestChannel channel = TestChannels.Active();
        channel.Counters.Receive.Write(new ReceiveTally
        {
            Received = 100,
            ReceivedBytes = 1000,
            Invalid = 1,
            SourceDenied = 2,
            RingFull = 3,
            Fault = 4,
            Queued = 90,
            FullRelayed = 95,
            FullErrors = 2,
            DecimatedRelayed = 18,
            DecimatedErrors = 1,
            LastDatagramNs = 1_772_366_400_500_000_000,
        });
        channel.Written(new WriterTally { Archived = 50, ArchivedBytes = 500, Disk = 5, Fault = 6 });
        channel.Counters.SocketOpened(() => 7);
        channel.Counters.CountRestart();
        channel.Counters.CountSyncError();
        foreach (DeletionReason reason in (DeletionReason[])[DeletionReason.Bytes, DeletionReason.FreeSpace, DeletionReason.FreeSpace])
            channel.Counters.CountDeletedFile(reason);
        await using TestServer server = await TestServer.StartAsync(channel);

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        double Value(string name, string? label = null) => scrape.Of("speeddata_" + name, "example", label);
        Assert.Multiple(() =>
        {
            Assert.That(Value("received_datagrams_total"), Is.EqualTo(100));
            Assert.That(Value("received_bytes_total"), Is.EqualTo(1000));
            Assert.That(Reasons.Select(r => Value("dropped_datagrams_total", $"reason=\"{r}\"")), Is.EqualTo(new[] { 7, 1, 2, 3, 5, 10 }));
            Assert.That(Value("archived_records_total"), Is.EqualTo(50));
            Assert.That(Value("archived_bytes_total"), Is.EqualTo(500));
            Assert.That(Value("archive_pending_datagrams"), Is.EqualTo(29));
            Assert.That(Value("archive_sync_errors_total"), Is.EqualTo(1));
            Assert.That(DeletionReasons.Select(r => Value("archive_files_deleted_total", $"reason=\"{r}\"")), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(Value("relayed_datagrams_total", "stream=\"full\""), Is.EqualTo(95));
            Assert.That(Value("relayed_datagrams_total", "stream=\"decimated\""), Is.EqualTo(18));
            Assert.That(Value("relay_errors_total", "stream=\"full\""), Is.EqualTo(2));
            Assert.That(Value("relay_errors_total", "stream=\"decimated\""), Is.EqualTo(1));
            Assert.That(Value("channel_restarts_total"), Is.EqualTo(1));
            Assert.That(Value("channel_up"), Is.EqualTo(1));
            Assert.That(Value("archive_up"), Is.EqualTo(1));
            Assert.That(Value("ring_used_bytes"), Is.EqualTo(17));
            Assert.That(Value("ring_capacity_bytes"), Is.EqualTo(65_536));
            Assert.That(Value("socket_receive_buffer_bytes"), Is.EqualTo(212_992));
            Assert.That(Value("socket_send_buffer_bytes", "stream=\"full\""), Is.EqualTo(4096));
            Assert.That(Value("socket_send_buffer_bytes", "stream=\"decimated\""), Is.EqualTo(8192));
            Assert.That(Value("last_datagram_timestamp_seconds"), Is.EqualTo(1_772_366_400.5));
            Assert.That(Value("archive_files"), Is.EqualTo(3));
            Assert.That(Value("archive_bytes"), Is.EqualTo(4_711));
            Assert.That(Value("archive_oldest_timestamp_seconds"), Is.EqualTo(TestChannels.Noon.ToUnixTimeSeconds()));
        });
    }

    [Test]
    public async Task Missing_figures_have_no_series()
    {
        TestChannel channel = TestChannels.Active(TestChannels.Options("bare") with
        {
            Archive = new ArchiveOptions { Enabled = false },
            FullRate = TestChannels.Options().FullRate with { Enabled = false },
        });
        await using TestServer server = await TestServer.StartAsync(channel);

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            string[] series = [.. scrape.Series.Keys.Where(k => k.Contains("\"bare\"", StringComparison.Ordinal))];
            Assert.That(series, Has.None.StartsWith("speeddata_archive").And.None.StartsWith("speeddata_ring"));
            Assert.That(series, Has.None.StartsWith("speeddata_last_datagram_timestamp_seconds"));
            Assert.That(series, Has.None.Contains("stream=\"full\"").And.Some.Contains("stream=\"decimated\""));
        });
    }

    [Test]
    public async Task Gauges_end_with_their_pipeline_and_counters_stay()
    {
        TestChannel channel = TestChannels.Active();
        channel.Counters.Receive.Write(new ReceiveTally { Received = 5, Queued = 5 });
        await using TestServer server = await TestServer.StartAsync(channel);
        var before = new Scrape(await server.TextAsync("/metrics"));

        channel.NowGauges = null;
        channel.NowState = new ChannelState(ChannelStatus.Faulted, TestChannels.Noon, TestChannels.Fault("gone"));
        channel.NowArchive = new ArchiveState(TestChannels.Fault("full", FaultRole.Archive), null, null, 0, 0, null);
        var after = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            Assert.That(before.Types.Keys, Has.Some.EqualTo("speeddata_ring_used_bytes").And.Some.EqualTo("speeddata_socket_receive_buffer_bytes"));
            Assert.That(after.SeriesOf("speeddata_ring_used_bytes"), Is.Empty);
            Assert.That(after.SeriesOf("speeddata_socket_receive_buffer_bytes"), Is.Empty);
            Assert.That(after.SeriesOf("speeddata_archive_oldest_timestamp_seconds"), Is.Empty);
            Assert.That(after.Of("speeddata_received_datagrams_total", "example"), Is.EqualTo(5));
            Assert.That(after.Of("speeddata_channel_up", "example"), Is.Zero);
            Assert.That(after.Of("speeddata_archive_up", "example"), Is.Zero);
        });
    }

    [Test]
    public async Task Five_hundred_channels_have_all_their_series_and_promtool_finds_no_fault()
    {
        Channel[] channels = [.. Enumerable.Range(0, 500).Select(i => TestChannels.Active($"machine-{i:000}", 20_000 + i))];
        await using TestServer server = await TestServer.StartAsync(channels);

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            Assert.That(scrape.SeriesOf("speeddata_received_datagrams_total").Count(), Is.EqualTo(500));
            Assert.That(scrape.SeriesOf("speeddata_dropped_datagrams_total").Count(), Is.EqualTo(3000));
            Assert.That(scrape.SeriesOf("speeddata_relayed_datagrams_total").Count(), Is.EqualTo(1000));
            Assert.That(scrape.Text, Does.Not.Contain("otel_metric_overflow"));
        });
        Assert.That(await PromtoolAsync(scrape.Text), Is.EqualTo("exit 0"));
    }

    [Test]
    public async Task A_channel_added_while_the_server_runs_is_scraped()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active());
        await server.TextAsync("/metrics");

        server.Host.Add(TestChannels.Active("late", 26001));

        Assert.That(new Scrape(await server.TextAsync("/metrics")).Of("speeddata_received_datagrams_total", "late"), Is.Zero);
    }

    /// <summary>Checks a scrape with promtool and returns its findings.</summary>
    private static async Task<string> PromtoolAsync(string text)
    {
        const string Tool = "/usr/bin/promtool";
        if (!File.Exists(Tool))
            Assert.Ignore("promtool is not installed (Debian: prometheus)");
        using Process tool = Process.Start(new ProcessStartInfo(Tool, "check metrics") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = tool.StandardOutput.ReadToEndAsync();
        Task<string> error = tool.StandardError.ReadToEndAsync();
        await tool.StandardInput.WriteAsync(text);
        tool.StandardInput.Close();
        await tool.WaitForExitAsync();
        return $"{await output}{await error}exit {tool.ExitCode}";
    }
}
