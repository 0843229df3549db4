using System.Globalization;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that a multicast stream can reach somebody: receivers on this host, or on others.</summary>
internal static class StreamReach
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        foreach (ChannelDraft draft in drafts)
        {
            foreach ((string group, StreamOptions stream) in draft.Streams.Where(s => StreamTargets.IsUsable(draft, s.Group, findings)))
            {
                if (stream.IsMulticast() && stream is { Loopback: false, Ttl: 0 })
                    Warn(draft, group, stream, findings);
            }
        }
    }

    private static void Warn(ChannelDraft draft, string group, StreamOptions stream, Findings findings) => findings.Warn(
        draft.Scope, draft.Key($"{group}:Loopback"), "false",
        $"with {group}:Ttl {stream.Ttl.ToString(CultureInfo.InvariantCulture)} the stream stays on this host, and with Loopback false no receiver on this host gets it: nothing is sent; set Ttl to 1 or more, Loopback to true, or {group}:Enabled to false");
}
