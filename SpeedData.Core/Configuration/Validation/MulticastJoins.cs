using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that keys for joining are used with multicast groups only.</summary>
internal static class MulticastJoins
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        foreach (ChannelDraft draft in drafts)
        {
            ReceiveOptions receive = draft.Options.Receive;
            if (findings.IsDoubtful(draft.Key("Receive:Address")) || AddressText.IsMulticast(receive.Address))
                continue;
            if (receive.Interface is not null)
                Refuse(draft, findings, "Receive:Interface", receive.Interface);
            if (receive.Source is not null)
                Refuse(draft, findings, "Receive:Source", receive.Source.ToString());
        }
    }

    private static void Refuse(ChannelDraft draft, Findings findings, string key, string value) => findings.Fault(
        draft.Scope, draft.Key(key), value,
        $"this is for joining a group, and Receive:Address {draft.Options.Receive.Address} is not multicast; use an Address from 224.0.0.0 to 239.255.255.255, or leave this key out");
}
