using System.Net;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that no stream feeds an input: each datagram would return and be sent again without end.</summary>
internal static class StreamFeedback
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings, Func<IReadOnlySet<IPAddress>> hostAddresses)
    {
        ILookup<int, ChannelDraft> inputs = drafts
            .Where(d => !findings.IsDoubtful(d.Key("Port")) && !findings.IsDoubtful(d.Key("Receive:Address")))
            .ToLookup(d => d.Options.Port);
        var own = new Lazy<IReadOnlySet<IPAddress>>(hostAddresses);
        foreach (ChannelDraft draft in drafts)
        {
            foreach ((string group, StreamOptions stream) in draft.Streams.Where(s => StreamTargets.IsUsable(draft, s.Group, findings)))
            {
                if (inputs[stream.Port].FirstOrDefault(i => Feeds(stream.Address, i.Options.Receive.Address, own)) is ChannelDraft input)
                    Refuse(draft, group, stream, input, findings);
            }
        }
    }

    /// <summary>
    /// Whether a stream feeds an input. A socket bound to the wildcard receives what is sent to any address of this host, and the host's
    /// own broadcasts. On some systems it also receives datagrams to a group that any process has joined, so no stream to a group may use
    /// its port.
    /// </summary>
    private static bool Feeds(IPAddress stream, IPAddress input, Lazy<IReadOnlySet<IPAddress>> own) =>
        stream.Equals(input)
        || (input.Equals(IPAddress.Any) && (AddressText.IsMulticast(stream) || AddressText.IsLoopback(stream) || own.Value.Contains(stream)));

    private static void Refuse(ChannelDraft draft, string group, StreamOptions stream, ChannelDraft input, Findings findings) => findings.Fault(
        draft.Scope, draft.Key($"{group}:Port"), $"{stream.Address}:{stream.Port}",
        $"this stream feeds channel {input.Scope.Channel}, which receives on {input.Options.Receive.Address}:{input.Options.Port}; use an address or port that no channel receives on");
}
