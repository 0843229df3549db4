using System.Net.NetworkInformation;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Which UDP ports are free: no channel has them, and no program of this host.</summary>
internal sealed class PortTable(Registrar registrar)
{
    public const int First = 26000, Last = 27000;

    // With a port that is free as such, a stream's port can still be taken.
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

    /// <returns>The channel with the next free port that it can have; null if there is none.</returns>
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

        // What is wrong with the first says most.
        return first;
    }

    private HashSet<int> Taken() =>
        [.. registrar.Now.Channels.Select(channel => channel.Port), .. IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Select(listener => listener.Port)];
}
