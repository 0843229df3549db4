using System.Net;

namespace SpeedData.Core.Sockets;

/// <summary>
/// The network of this host at one moment: each interface is listed once and each route asked for once, however many channels
/// want to know. Any thread, one at a time.
/// </summary>
public sealed class NetworkSnapshot
{
    private readonly Dictionary<IPAddress, InterfaceBinding?> _routes = [];
    private readonly IReadOnlySet<int> _deleted;
    private readonly bool _hasMissed;
    private IReadOnlyList<HostInterface>? _interfaces;

    /// <param name="deleted">Indexes of interfaces that were deleted since the snapshot before; another one may have the index now.</param>
    /// <param name="hasMissed">Whether there may have been more changes than are known.</param>
    public NetworkSnapshot(IReadOnlySet<int> deleted, bool hasMissed)
    {
        _deleted = deleted;
        _hasMissed = hasMissed;
    }

    /// <summary>For opening a socket: nothing was there before.</summary>
    public static NetworkSnapshot Now() => new(new HashSet<int>(), hasMissed: false);

    /// <summary>The interfaces.</summary>
    internal IReadOnlyList<HostInterface> Interfaces => _interfaces ??= HostInterfaces.Read();

    /// <summary>Whether the interface was deleted since the snapshot before, though one with this index may be there again.</summary>
    public bool WasDeleted(int index) => _hasMissed || _deleted.Contains(index);

    /// <summary>As <see cref="InterfaceBinding.Routed(IPAddress)"/>.</summary>
    internal InterfaceBinding? RouteTo(IPAddress destination)
    {
        if (!_routes.TryGetValue(destination, out InterfaceBinding? route))
            _routes.Add(destination, route = InterfaceBinding.Routed(destination));
        return route;
    }
}
