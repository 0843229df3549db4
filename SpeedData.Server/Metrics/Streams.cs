using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Metrics;

/// <summary>A stream's name and figures.</summary>
internal sealed record StreamFigures(
    string Name,
    Func<ChannelOptions, StreamOptions> Options,
    Func<LedgerSnapshot, long> Relayed,
    Func<LedgerSnapshot, long> Errors,
    Func<PipelineGauges, int?> SendBuffer,
    Func<ChannelParts, PartState?> Part);

/// <summary>Lists the streams of a channel.</summary>
internal static class Streams
{
    public static readonly IReadOnlyList<StreamFigures> All =
    [
        new("full", c => c.FullRate, l => l.Receive.FullRelayed, l => l.Receive.FullErrors, g => g.FullSendBufferBytes, p => p.Full),
        new("decimated", c => c.Decimated, l => l.Receive.DecimatedRelayed, l => l.Receive.DecimatedErrors, g => g.DecimatedSendBufferBytes, p => p.Decimated),
    ];

    public static IEnumerable<StreamFigures> Enabled(Channel channel) => All.Where(s => s.Options(channel.Options).Enabled);
}
