using System.Net;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that no two sockets conflict. They do if their ports are the same, and their addresses are the same or one of them is a
/// wildcard: the kernel would refuse the second socket, or give one the datagrams of the other. Two groups may share a port. If the
/// kernel keeps memberships apart, so may one group on two interfaces, or from two sources.
/// </summary>
internal static class ReceiveSockets
{
    private static readonly string[] Keys = ["Port", "Receive:Address", "Receive:Interface", "Receive:Source"];

    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        IEnumerable<ChannelDraft> usable = drafts.Where(d => Keys.All(key => !findings.IsDoubtful(d.Key(key))));
        foreach (IGrouping<int, ChannelDraft> port in usable.GroupBy(d => d.Options.Port))
        {
            List<ChannelDraft> earlier = [];
            foreach (ChannelDraft draft in port)
            {
                if (earlier.Find(e => Conflict(e.Options.Receive, draft.Options.Receive)) is ChannelDraft other)
                    Refuse(draft, other, findings);
                earlier.Add(draft);
            }
        }
    }

    private static bool Conflict(ReceiveOptions one, ReceiveOptions other) =>
        one.Address.Equals(IPAddress.Any) || other.Address.Equals(IPAddress.Any) || (one.Address.Equals(other.Address) && !AreApart(one, other));

    private static bool AreApart(ReceiveOptions one, ReceiveOptions other) =>
        OperatingSystem.IsLinux() && AddressText.IsMulticast(one.Address)
        && (AreTwo(one.Interface, other.Interface) || AreTwo(one.Source, other.Source));

    private static bool AreTwo(object? one, object? other) => one is not null && other is not null && !one.Equals(other);

    private static void Refuse(ChannelDraft draft, ChannelDraft other, Findings findings) => findings.Fault(
        draft.Scope, draft.Key("Port"), $"{draft.Options.Receive.Address}:{draft.Options.Port}",
        $"channel {other.Scope.Channel} receives on {other.Options.Receive.Address}:{other.Options.Port}, and only one of them can; use another Port, or addresses that differ and are not 0.0.0.0, or for one group a Receive:Interface or Receive:Source for each");
}
