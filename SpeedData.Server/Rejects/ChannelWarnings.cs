using System.Globalization;
using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Rejects;

/// <summary>Finds problems of a channel whose parts are all up.</summary>
internal static class ChannelWarnings
{
    /// <summary>How long a channel must refuse all its traffic before that is a warning.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<string> Of(Channel channel) => [.. new[] { AllRefused(channel), channel.RejectFault }.OfType<string>()];

    /// <summary>Whether every datagram of at least a minute, up to the last one, was refused.</summary>
    public static bool RefusesAll(in ReceiveTally tally) => tally.RefusingSinceNs > 0 && tally.LastDatagramNs - tally.RefusingSinceNs >= Patience.TotalNanoseconds;

    private static string? AllRefused(Channel channel)
    {
        ReceiveTally tally = channel.Counters.Receive.Read();
        if (!RefusesAll(in tally))
            return null;
        RejectCount? most = channel.Rejects.Counts().MaxBy(count => count.Count);
        string why = most is null ? "" : $", most of them from {RejectNames.SourceOf(most)} as {RejectNames.ReasonOf(most)}";
        return $"every datagram since {Text(tally.RefusingSinceNs)} was refused{why}; /api/v1/channels/{channel.Name}/rejects shows some of them, and Schema or Receive:AllowedSources may have to change";
    }

    private static string Text(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
