using System.Net;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Supervision;

/// <summary>The facts about the host that the rules of the configuration need, looked up on demand.</summary>
/// <param name="addresses">Returns the addresses of this host.</param>
/// <param name="nameOf">Returns the interface that a name or an address means; null if there is none.</param>
/// <param name="routed">Returns the interface by which the routing table reaches a group; null if it names none.</param>
internal sealed class HostView(Func<IReadOnlySet<IPAddress>> addresses, Func<string, string?> nameOf, Func<IPAddress, string?> routed)
{
    private readonly Dictionary<IPAddress, string?> _routes = [];

    public Func<IReadOnlySet<IPAddress>> Addresses => addresses;

    public static HostView Of(NetworkSnapshot network) => new(
        () => new HashSet<IPAddress>(network.Interfaces.SelectMany(i => i.Addresses.Concat(i.Broadcasts))),
        configured => network.Interfaces.FirstOrDefault(i => i.Name == configured || i.Addresses.Any(own => own.ToString() == configured))?.Name,
        group => network.RouteTo(group) is { Index: > 0 } way ? network.Interfaces.FirstOrDefault(i => i.Index == way.Index)?.Name : null);

    /// <summary>
    /// Returns the name of the interface by which a group is joined or reached. For the address of a host, or if there is no interface
    /// now, returns what was configured.
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
