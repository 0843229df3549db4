using System.Net;

namespace SpeedData.Core.Sockets;

/// <summary>
/// The network of this host at one moment. Interfaces are listed once and each route is looked up once, however many channels ask.
/// Any thread, one at a time.
/// </summary>
public sealed class NetworkSnapshot
{
    private readonly Dictionary<IPAddress, InterfaceBinding?> _routes = [];
    private readonly IReadOnlySet<int> _deleted;
    private readonly bool _hasMissed;
    private IReadOnlyList<HostInterface>? _interfaces;

    /// <param name="deleted">
    /// Indexes of interfaces that were deleted since the last snapshot. Another interface may have the index now.
    /// </param>
    /// <param name="hasMissed">Whether there may have been further changes.</param>
    public NetworkSnapshot(IReadOnlySet<int> deleted, bool hasMissed)
    {
        _deleted = deleted;
        _hasMissed = hasMissed;
    }

    /// <summary>Takes a snapshot for opening a socket, without earlier changes.</summary>
    public static NetworkSnapshot Now() => new(new HashSet<int>(), hasMissed: false);

    /// <summary>The interfaces.</summary>
    internal IReadOnlyList<HostInterface> Interfaces => _interfaces ??= HostInterfaces.Read();

    /// <summary>Whether the interface was deleted since the last snapshot, even if one with this index exists again.</summary>
    public bool WasDeleted(int index) => _hasMissed || _deleted.Contains(index);

    /// <summary>Returns the same as <see cref="InterfaceBinding.Routed(IPAddress)"/>.</summary>
    internal InterfaceBinding? RouteTo(IPAddress destination)
    {
        if (!_routes.TryGetValue(destination, out InterfaceBinding? route))
            _routes.Add(destination, route = InterfaceBinding.Routed(destination));
        return route;
    }
}
