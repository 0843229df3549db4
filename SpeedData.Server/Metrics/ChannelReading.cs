using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

/// <summary>Everything the metrics say of one channel, read once.</summary>
internal sealed record ChannelReading(Channel Channel, LedgerSnapshot Ledger, ChannelState State, PipelineGauges? Gauges, ArchiveState? Archive, long Restarts, long SyncErrors)
{
    public bool IsArchived => Channel.Options.Archive.Enabled;

    public static ChannelReading Of(Channel channel) => new(
        channel,
        channel.Counters.Snapshot(),
        channel.State,
        channel.Gauges,
        channel.Archive,
        channel.Counters.Restarts,
        channel.Counters.SyncErrors);
}
