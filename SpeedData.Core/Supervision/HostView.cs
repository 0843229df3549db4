using System.Net;
using System.Net.NetworkInformation;
using SpeedData.Core.Configuration;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>What of the host matters to the rules of the configuration, at one moment; asked for when it is needed.</summary>
/// <param name="addresses">Where it hears.</param>
/// <param name="nameOf">The interface that a name or an address stands for; null for none.</param>
/// <param name="routed">The interface by which the routing table reaches a group; null where it names none.</param>
internal sealed class HostView(Func<IReadOnlySet<IPAddress>> addresses, Func<string, string?> nameOf, Func<IPAddress, string?> routed)
{
    private readonly Dictionary<IPAddress, string?> _routes = [];

    public Func<IReadOnlySet<IPAddress>> Addresses => addresses;

    public static HostView Now()
    {
        var interfaces = new Lazy<NetworkInterface[]>(NetworkInterface.GetAllNetworkInterfaces);
        return new HostView(
            new ConfigurationProbes().HostAddresses,
            configured => Array.Find(interfaces.Value, i => i.Name == configured || Has(i, configured))?.Name,
            group => InterfaceBinding.Routed(group) is { Index: > 0 } way ? Array.Find(interfaces.Value, i => IndexOf(i) == way.Index)?.Name : null);
    }

    /// <summary>The name of the interface by which a group is joined or reached. For a host, and where there is none now, what was configured.</summary>
    public string? InterfaceOf(IPAddress address, string? configured)
    {
        if (!InterfaceBinding.IsGroup(address))
            return configured;
        if (configured is not null)
            return nameOf(configured) ?? configured;
        if (!_routes.TryGetValue(address, out string? route))
            _routes.Add(address, route = routed(address));
        return route;
    }

    private static bool Has(NetworkInterface candidate, string address) =>
        candidate.GetIPProperties().UnicastAddresses.Any(own => own.Address.ToString() == address);

    private static int IndexOf(NetworkInterface candidate) => candidate.GetIPProperties().GetIPv4Properties()?.Index ?? 0;
}
