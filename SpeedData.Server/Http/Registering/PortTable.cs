using System.Net.NetworkInformation;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Finds free UDP ports: used by no channel and by no program of this host.</summary>
internal sealed class PortTable(Registrar registrar)
{
    public const int First = 26000, Last = 27000;

    // Several tries: a channel's port may be free while a port of its streams is taken.
    private const int MostTries = 64;

    public IReadOnlyList<int> Free(int start, int end)
    {
        HashSet<int> taken = Taken();
        return [.. Enumerable.Range(start, end - start + 1).Where(port => !taken.Contains(port))];
    }

    public PortStatusView StatusOf(int port)
    {
        ChannelOptions? owner = registrar.Now.FindPort(port);
        bool isFree = owner is null && !Taken().Contains(port);
        return new PortStatusView(port, isFree, isFree ? "free" : "in_use", owner?.Name);
    }

    /// <returns>The channel with the next free port; null if no port is free.</returns>
    public Draft? NextFree(ChannelRequest request)
    {
        Draft? first = null;
        foreach (int port in Free(First, Last).Take(MostTries))
        {
            var draft = Draft.Of(request, port, registrar);
            first ??= draft;
            if (!draft.Findings.Any(finding => finding.Key.EndsWith("Port", StringComparison.Ordinal)))
                return draft;
        }

        // If no port fits, the faults of the first try explain it best.
        return first;
    }

    private HashSet<int> Taken() =>
        [.. registrar.Now.Channels.Select(channel => channel.Port), .. IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Select(listener => listener.Port)];
}
