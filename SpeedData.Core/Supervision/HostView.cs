using System.Net;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>What the rules of the configuration need to know of the host at one moment; looked up when it is needed.</summary>
/// <param name="addresses">The addresses of this host.</param>
/// <param name="nameOf">The interface that a name or an address stands for; null for none.</param>
/// <param name="routed">The interface by which the routing table reaches a group; null where it names none.</param>
internal sealed class HostView(Func<IReadOnlySet<IPAddress>> addresses, Func<string, string?> nameOf, Func<IPAddress, string?> routed)
{
    private readonly Dictionary<IPAddress, string?> _routes = [];

    public Func<IReadOnlySet<IPAddress>> Addresses => addresses;

    public static HostView Of(NetworkSnapshot network) => new(
        () => new HashSet<IPAddress>(network.Interfaces.SelectMany(i => i.Addresses.Concat(i.Broadcasts))),
        configured => network.Interfaces.FirstOrDefault(i => i.Name == configured || i.Addresses.Any(own => own.ToString() == configured))?.Name,
        group => network.RouteTo(group) is { Index: > 0 } way ? network.Interfaces.FirstOrDefault(i => i.Index == way.Index)?.Name : null);

    /// <summary>
    /// The name of the interface by which a group is joined or reached. For a host, or if there is no interface now, what was
    /// configured.
    /// </summary>
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
}
