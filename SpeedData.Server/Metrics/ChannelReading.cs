using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

/// <summary>All values of one channel that metrics export, read at one moment.</summary>
internal sealed record ChannelReading(Channel Channel, LedgerSnapshot Ledger, ChannelState State, PipelineGauges? Gauges, ChannelParts Parts, ArchiveState? Archive, long Restarts, long SyncErrors)
{
    public bool IsArchived => Channel.Options.Archive.Enabled;

    public static ChannelReading Of(Channel channel) => new(
        channel,
        channel.Counters.Snapshot(),
        channel.State,
        channel.Gauges,
        channel.Parts,
        channel.Archive,
        channel.Counters.Restarts,
        channel.Counters.SyncErrors);
}
