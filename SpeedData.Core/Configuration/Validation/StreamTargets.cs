using System.Net;
using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that no two streams go to one address and port by one interface, because a record does not name its channel.
/// </summary>
internal static class StreamTargets
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        var taken = new Dictionary<(IPAddress Address, int Port, string? Interface), string>();
        foreach (ChannelDraft draft in drafts)
        {
            foreach ((string group, StreamOptions stream) in draft.Streams.Where(s => IsUsable(draft, s.Group, findings)))
            {
                if (!taken.TryAdd((stream.Address, stream.Port, stream.Interface), $"{draft.Scope.Channel}'s {group}"))
                    Refuse(draft, group, stream, taken[(stream.Address, stream.Port, stream.Interface)], findings);
            }
        }
    }

    /// <summary>Whether address, port and interface of the stream have valid values.</summary>
    public static bool IsUsable(ChannelDraft draft, string group, Findings findings) =>
        !findings.IsDoubtful(draft.Key($"{group}:Address"))
        && !findings.IsDoubtful(draft.Key($"{group}:Port"))
        && !findings.IsDoubtful(draft.Key($"{group}:Interface"));

    private static void Refuse(ChannelDraft draft, string group, StreamOptions stream, string other, Findings findings) => findings.Fault(
        draft.Scope, draft.Key($"{group}:Port"), $"{stream.Address}:{stream.Port}",
        $"channel {other} is sent there too, and receivers could not distinguish the records; use another Port, Address or Interface");
}
