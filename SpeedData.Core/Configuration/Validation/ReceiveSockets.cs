using System.Net;
using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Two sockets conflict if address and port are the same or one is a wildcard: the kernel would refuse the second, or
/// give the datagrams of one to the other. Two groups on one port are fine.
/// </summary>
internal static class ReceiveSockets
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        IEnumerable<ChannelDraft> usable = drafts.Where(d => !findings.IsDoubtful(d.Key("Port")) && !findings.IsDoubtful(d.Key("Receive:Address")));
        foreach (IGrouping<int, ChannelDraft> port in usable.GroupBy(d => d.Options.Port))
        {
            List<ChannelDraft> earlier = [];
            foreach (ChannelDraft draft in port)
            {
                if (earlier.Find(e => Conflict(e.Options.Receive.Address, draft.Options.Receive.Address)) is ChannelDraft other)
                    Refuse(draft, other, findings);
                earlier.Add(draft);
            }
        }
    }

    private static bool Conflict(IPAddress one, IPAddress other) => one.Equals(other) || one.Equals(IPAddress.Any) || other.Equals(IPAddress.Any);

    private static void Refuse(ChannelDraft draft, ChannelDraft other, Findings findings) => findings.Fault(
        draft.Scope, draft.Key("Port"), $"{draft.Options.Receive.Address}:{draft.Options.Port}",
        $"channel {other.Scope.Channel} receives on {other.Options.Receive.Address}:{other.Options.Port}, and both cannot; another Port is right, or addresses that differ and are not 0.0.0.0");
}
