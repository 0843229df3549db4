using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Server.Metrics;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Metrics;

/// <summary>Metric names are a contract with dashboards and alerts.</summary>
public sealed class MetricNamesTests
{
    internal static readonly Dictionary<string, string> Contract = new()
    {
        ["speeddata_received_datagrams_total"] = "counter",
        ["speeddata_received_bytes_total"] = "counter",
        ["speeddata_dropped_datagrams_total"] = "counter",
        ["speeddata_archived_records_total"] = "counter",
        ["speeddata_archived_bytes_total"] = "counter",
        ["speeddata_archive_pending_datagrams"] = "gauge",
        ["speeddata_archive_sync_errors_total"] = "counter",
        ["speeddata_relayed_datagrams_total"] = "counter",
        ["speeddata_relay_errors_total"] = "counter",
        ["speeddata_stream_up"] = "gauge",
        ["speeddata_channel_restarts_total"] = "counter",
        ["speeddata_channel_created_timestamp_seconds"] = "gauge",
        ["speeddata_retention_up"] = "gauge",
        ["speeddata_channel_up"] = "gauge",
        ["speeddata_channel_refuses_all"] = "gauge",
        ["speeddata_schema_accepted_datagrams_total"] = "counter",
        ["speeddata_schema_archived_records_total"] = "counter",
        ["speeddata_rejects_kept_datagrams_total"] = "counter",
        ["speeddata_rejects_lost_datagrams_total"] = "counter",
        ["speeddata_archive_up"] = "gauge",
        ["speeddata_ring_used_bytes"] = "gauge",
        ["speeddata_ring_capacity_bytes"] = "gauge",
        ["speeddata_socket_receive_buffer_bytes"] = "gauge",
        ["speeddata_socket_send_buffer_bytes"] = "gauge",
        ["speeddata_last_datagram_timestamp_seconds"] = "gauge",
        ["speeddata_archive_write_duration_seconds"] = "histogram",
        ["speeddata_archive_files_deleted_total"] = "counter",
        ["speeddata_archive_files"] = "gauge",
        ["speeddata_archive_bytes"] = "gauge",
        ["speeddata_archive_oldest_timestamp_seconds"] = "gauge",
        ["speeddata_storage_free_bytes"] = "gauge",
        ["speeddata_host_udp_errors_total"] = "counter",
        ["speeddata_host_reverse_path_drops_total"] = "counter",
        ["speeddata_tags"] = "gauge",
        ["speeddata_tags_bytes"] = "gauge",
        ["speeddata_tags_missing_files"] = "gauge",
        ["speeddata_build_info"] = "gauge",
    };

    [Test]
    public async Task Every_name_of_the_contract_is_scraped_with_its_type_and_a_description_and_no_other()
    {
        TestChannel channel = TestChannels.Active();
        channel.Counters.Receive.Write(new ReceiveTally { Received = 1, LastDatagramNs = 1 });
        await using TestServer server = await TestServer.StartAsync(channel);
        Telemetry.ArchiveWriteDuration.Record(0.003, new KeyValuePair<string, object?>("channel", "example"));

        // A separate thread measures the free space.
        Eventually.True(() => server.TextAsync("/metrics").GetAwaiter().GetResult().Contains("speeddata_storage_free_bytes ", StringComparison.Ordinal), "the free space is known");
        var scrape = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            Assert.That(scrape.Types.Where(t => t.Key.StartsWith("speeddata_", StringComparison.Ordinal)), Is.EquivalentTo(Contract));
            Assert.That(scrape.Types.Keys.Where(name => !scrape.Helps.TryGetValue(name, out string? help) || help.Length < 10), Is.Empty);
            Assert.That(scrape.Series.Keys, Has.None.Contains("otel_scope"));
            Assert.That(scrape.Types.Keys, Has.None.EqualTo("target_info").And.Some.StartsWith("dotnet_gc_"));
        });
    }

    [Test]
    public async Task Write_durations_have_buckets_for_seconds()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active("timed"));
        Telemetry.ArchiveWriteDuration.Record(0.0007, new KeyValuePair<string, object?>("channel", "timed"));

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            Assert.That(scrape.Of("speeddata_archive_write_duration_seconds_bucket", "timed", "le=\"0.0005\""), Is.Zero);
            Assert.That(scrape.Of("speeddata_archive_write_duration_seconds_bucket", "timed", "le=\"0.001\""), Is.EqualTo(1));
            Assert.That(scrape.SeriesOf("speeddata_archive_write_duration_seconds_bucket").First(), Does.Contain("le=\"5E-05\""));
            Assert.That(scrape.Series.Keys, Has.Some.Contains("le=\"10\""));
        });
    }

    [Test]
    public void Build_info_separates_version_and_commit()
    {
        (string version, string commit) = ProcessInstruments.Build(typeof(ProcessInstruments).Assembly);

        Assert.Multiple(() =>
        {
            Assert.That(version, Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+"));
            Assert.That(version, Does.Not.Contain("+"));
            Assert.That(commit, Does.Match("^([0-9a-f]{40}|unknown)$"));
        });
    }
}
