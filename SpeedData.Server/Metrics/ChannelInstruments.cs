using System.Diagnostics.Metrics;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Server.Http;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Metrics;

/// <summary>
/// The metrics of the channels. Units are UCUM. Counts have a unit in braces, because the exporter appends <c>_ratio</c> to the name of
/// a gauge whose unit is <c>1</c>.
/// </summary>
internal sealed class ChannelInstruments : IDisposable
{
    private readonly InstrumentSet _set;

    public ChannelInstruments(Meter meter, Func<IReadOnlyList<Channel>> channels)
    {
        _set = new InstrumentSet(meter, channels);
        DescribeLedger();
        DescribeRelay();
        DescribeChannel();
        DescribeArchive();
        DescribeSchemas();
    }

    public void Dispose() => _set.Dispose();

    private void DescribeLedger()
    {
        _set.Counter("speeddata_received_datagrams", "{datagram}", "Datagrams taken from the socket.",
            r => [new(r.Ledger.Receive.Received)]);
        _set.Counter("speeddata_received_bytes", "By", "Payload bytes of the datagrams taken from the socket.",
            r => [new(r.Ledger.Receive.ReceivedBytes)]);
        _set.Counter("speeddata_dropped_datagrams", "{datagram}",
            "Datagrams not archived, by reason. kernel: the socket's queue was full, or the checksum was wrong (speeddata_host_udp_errors_total shows which); not part of received; exact without GRO, with GRO a lower bound, since the kernel counts bursts of up to 64 datagrams. "
            + "invalid: not exactly one record of the schema. source_denied: sender not allowed. ring_full: the writer did not keep up. disk: could not be written. fault: lost in memory by a fault or by a drain that ran out of time.",
            r => DropReasons.All.Select(d => new SeriesPoint(r.Ledger.Dropped(d.Reason), "reason", d.Name)));
        _set.Counter("speeddata_archived_records", "{record}", "Records whose whole block the kernel accepted.",
            r => r.IsArchived ? [new(r.Ledger.Writer.Archived)] : []);
        _set.Counter("speeddata_archived_bytes", "By", "Bytes of the blocks that were written, compressed, with their framing.",
            r => r.IsArchived ? [new(r.Ledger.Writer.ArchivedBytes)] : []);
        _set.Gauge("speeddata_archive_pending_datagrams", "{datagram}", "Datagrams in the ring, not yet written or dropped.",
            r => r.IsArchived ? [new(r.Ledger.Pending)] : []);
        _set.Gauge("speeddata_last_datagram_timestamp_seconds", "s", "Unix time of the last datagram.",
            r => r.Ledger.Receive.LastDatagramNs > 0 ? [new(r.Ledger.Receive.LastDatagramNs / 1e9)] : []);
    }

    private void DescribeRelay()
    {
        _set.Counter("speeddata_relayed_datagrams", "{datagram}", "Datagrams of a stream that the kernel's queue accepted while no error of a unicast stream's host was known.",
            r => Streams.Enabled(r.Channel).Select(s => new SeriesPoint(s.Relayed(r.Ledger), "stream", s.Name)));
        _set.Counter("speeddata_relay_errors", "{datagram}", "Datagrams of a stream that the kernel did not accept. In a unicast stream also all datagrams from an error of its host (ICMP, ARP) until two seconds without one; SpeedData infers that these did not arrive.",
            r => Streams.Enabled(r.Channel).Select(s => new SeriesPoint(s.Errors(r.Ledger), "stream", s.Name)));
        _set.Gauge("speeddata_stream_up", "{stream}", "1 while the stream has a socket to send with and no error of its host is known, else 0; datagrams that it cannot send count as relay errors.",
            r => Streams.Enabled(r.Channel).Select(s => new SeriesPoint(s.Part(r.Parts) is { Up: true } ? 1 : 0, "stream", s.Name)));
        _set.Gauge("speeddata_socket_send_buffer_bytes", "By", "SO_SNDBUF in use, without the kernel's doubling.",
            r => r.Gauges is { } gauges
                ? Streams.Enabled(r.Channel).Where(s => s.SendBuffer(gauges) is not null).Select(s => new SeriesPoint(s.SendBuffer(gauges)!.Value, "stream", s.Name))
                : []);
    }

    private void DescribeChannel()
    {
        _set.Counter("speeddata_channel_restarts", "{restart}", "Receive threads and archive writers that were started again after a fault.",
            r => [new(r.Restarts)]);
        _set.Gauge("speeddata_channel_created_timestamp_seconds", "s", "Unix time at which this process added the channel.",
            r => [new(r.Channel.CreatedAt.ToUnixTimeMilliseconds() / 1e3)]);
        _set.Gauge("speeddata_channel_up", "{channel}", "1 while the channel receives, else 0.",
            r => [new(r.State.Status == ChannelStatus.Active ? 1 : 0)]);
        _set.Gauge("speeddata_ring_used_bytes", "By", "Payload bytes in the ring.",
            r => r.Gauges is { } gauges && r.IsArchived ? [new(gauges.RingUsedBytes)] : []);
        _set.Gauge("speeddata_ring_capacity_bytes", "By", "Payload bytes the ring holds.",
            r => r.Gauges is { } gauges && r.IsArchived ? [new(gauges.RingCapacityBytes)] : []);
        _set.Gauge("speeddata_socket_receive_buffer_bytes", "By", "SO_RCVBUF in use, without the kernel's doubling.",
            r => r.Gauges is { } gauges ? [new(gauges.ReceiveBufferBytes)] : []);
    }

    private void DescribeArchive()
    {
        _set.Gauge("speeddata_archive_up", "{archive}", "1 while the archive can be written, else 0.",
            r => r.Parts.Archive is { } archive ? [new(archive.Up ? 1 : 0)] : []);
        _set.Counter("speeddata_archive_sync_errors", "{error}", "Failed fdatasync calls; each closes the file.",
            r => r.IsArchived ? [new(r.SyncErrors)] : []);
        _set.Counter("speeddata_archive_files_deleted", "{file}",
            "Archive files deleted, by reason. age: older than Archive:RetainFor. bytes: over the quota Archive:RetainBytes. free_space: the file system had less than Archive:MinFreeBytes free.",
            r => r.IsArchived ? DeletionReasons.All.Select(d => new SeriesPoint(r.Channel.Counters.DeletedFiles(d.Reason), "reason", d.Name)) : []);
        _set.Gauge("speeddata_retention_up", "{archive}", "1 while old files are deleted as configured, else 0.",
            r => r.Channel.Retention is { } retention ? [new(retention.Fault is null ? 1 : 0)] : []);
        _set.Gauge("speeddata_archive_files", "{file}", "Finished files in the channel's folder.",
            r => r.Archive is { } archive ? [new(archive.Files)] : []);
        _set.Gauge("speeddata_archive_bytes", "By", "Bytes of the finished files and of the one being written.",
            r => r.Archive is { } archive ? [new(archive.Bytes)] : []);
        _set.Gauge("speeddata_archive_oldest_timestamp_seconds", "s", "Unix time in the name of the oldest file.",
            r => r.Archive?.Oldest is { } oldest ? [new((oldest - DateTimeOffset.UnixEpoch).TotalSeconds)] : []);
    }

    private void DescribeSchemas()
    {
        _set.Counter("speeddata_schema_accepted_datagrams", "{datagram}", "Datagrams accepted as records of this schema. A datagram belongs to the first schema of the channel that it matches exactly.",
            r => ChannelSchemaView.Of(r.Channel).Select(schema => new SeriesPoint(schema.Accepted, "schema", schema.Label)));
        _set.Counter("speeddata_schema_archived_records", "{record}", "Records of this schema whose whole block the kernel accepted.",
            r => r.IsArchived ? ChannelSchemaView.Of(r.Channel).Select(schema => new SeriesPoint(schema.Archived, "schema", schema.Label)) : []);
        _set.Counter("speeddata_rejects_kept_datagrams", "{datagram}", "Refused datagrams that were written to a file.",
            r => KeepsRejects(r) ? [new(r.Channel.Counters.Rejects.Kept)] : []);
        _set.Counter("speeddata_rejects_lost_datagrams", "{datagram}", "Refused datagrams that should have been kept, but did not fit into memory or onto the disk.",
            r => KeepsRejects(r) ? [new(r.Channel.Counters.Rejects.NotKept)] : []);
        _set.Gauge("speeddata_channel_refuses_all", "{channel}", "1 once every datagram of at least a minute was refused, until one is accepted; else 0.",
            r => [new(ChannelWarnings.RefusesAll(r.Ledger.Receive) ? 1 : 0)]);
    }

    private static bool KeepsRejects(ChannelReading reading) => reading.IsArchived && reading.Channel.Options.Rejects.Keep is not null;
}
