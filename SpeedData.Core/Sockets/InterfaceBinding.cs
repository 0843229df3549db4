using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>
/// A network interface that the configuration names (by name or address) or the routing table chose, as it was when it was looked up.
/// </summary>
/// <param name="Configured">The configured name or IPv4 address; empty if the routing table chose.</param>
/// <param name="Index">The kernel's index; 0 if it is not known. The kernel then finds the interface by the address.</param>
/// <param name="Address">An IPv4 address of the interface.</param>
public sealed record InterfaceBinding(string Configured, int Index, IPAddress Address)
{
    private const int Discard = 9; // RFC 863; nothing is sent there

    /// <summary>Whether the routing table has no route to the group, so that only receivers on this host are reached.</summary>
    public bool IsLastResort { get; private init; }

    /// <summary>The interface's name; null if it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>The destination of the route; null if an interface was configured.</summary>
    private IPAddress? Destination { get; init; }

    /// <summary>Whether the routing table chose the interface.</summary>
    public bool IsRouted => Destination is not null;

    /// <summary>The interface that reaches receivers on this host.</summary>
    public static InterfaceBinding Loopback { get; } = new("127.0.0.1", NetworkInterface.LoopbackInterfaceIndex, IPAddress.Loopback);

    /// <param name="key">The configuration key, for faults.</param>
    /// <param name="configured">A name, or an IPv4 address.</param>
    /// <param name="network">The network at present.</param>
    /// <param name="needsAddress">Whether the interface must have an IPv4 address. Joining a group needs none, but sending does.</param>
    /// <exception cref="ChannelSetupException">There is no such interface at the moment, or it has no IPv4 address.</exception>
    public static InterfaceBinding Resolve(string key, string configured, NetworkSnapshot network, bool needsAddress)
    {
        bool byAddress = IPAddress.TryParse(configured, out IPAddress? address);
        // All of 127.0.0.0/8 belongs to the loopback interface, although only 127.0.0.1 is listed.
        if (byAddress && IPAddress.IsLoopback(address!))
            return Loopback with { Configured = configured, Address = address! };
        HostInterface[] found = [.. network.Interfaces.Where(i => byAddress ? i.Addresses.Contains(address) : i.Name == configured)];
        if (found.Length > 1)
            throw OfNetwork($"{key} = {configured}: the interfaces {string.Join(" and ", found.Select(i => i.Name))} both have this address; use the name of one of them");
        if (found is not [var one])
            throw OfNetwork($"{key} = {configured}: there is no such interface on this host at the moment; present are {string.Join(", ", network.Interfaces.Select(i => i.Name))}");
        IPAddress? own = byAddress ? address : one.Addresses.Count > 0 ? one.Addresses[0] : null;
        if (own is null && needsAddress)
            throw OfNetwork($"{key} = {configured}: the interface has no IPv4 address yet");
        return new InterfaceBinding(configured, one.Index, own ?? IPAddress.Any) { Name = one.Name };
    }

    /// <summary>
    /// Returns the route that the routing table chooses, without sending anything. A connected socket keeps its source address, and cannot
    /// send any more once the host has lost that address.
    /// </summary>
    /// <returns>Null if there is no route. A group is then reached on this host only, through <see cref="Loopback"/>.</returns>
    public static InterfaceBinding? Routed(IPAddress destination)
    {
        if (!RouteQuery.TryAsk(destination, out Route? route))
            route = SourceOf(destination) is { } source ? new Route(0, source) : null;
        if (route is { } way)
            return new InterfaceBinding("", way.Index, way.Source) { Destination = destination };
        return IsGroup(destination) ? Loopback with { Configured = "", Destination = destination, IsLastResort = true } : null;
    }

    /// <summary>Whether an IPv4 address is in 224.0.0.0/4.</summary>
    public static bool IsGroup(IPAddress address) => (address.GetAddressBytes()[0] & 0xF0) == 0xE0;

    /// <summary>
    /// Whether the interface is gone, or has another index or address than before, or the routing table chooses another one. A host that
    /// cannot be reached for the moment is no reason to reopen the socket: what is sent to it is counted.
    /// </summary>
    public bool HasMoved(NetworkSnapshot network) => network.WasDeleted(Index) || (Destination is { } destination
        ? network.RouteTo(destination) is { } now && now != this
        : NowOf(network) != this);

    /// <summary>Whether a membership on this interface must move. A membership does not depend on the interface's addresses.</summary>
    public bool MembershipHasMoved(NetworkSnapshot network)
    {
        if (network.WasDeleted(Index))
            return true;
        if (Destination is not { } group)
            return NowOf(network)?.Index != Index;
        // Without a route, no other membership would be better as long as the interface exists.
        return network.RouteTo(group) is { IsLastResort: false } now ? now.Index != Index : network.Interfaces.All(i => i.Index != Index);
    }

    private InterfaceBinding? NowOf(NetworkSnapshot network)
    {
        try
        {
            return Resolve("", Configured, network, needsAddress: false);
        }
        catch (ChannelSetupException)
        {
            return null;
        }
    }

    private static ChannelSetupException OfNetwork(string message) => new(message) { IsOfNetwork = true };

    /// <summary>Describes the interface for a person, and who chose it.</summary>
    public string Describe()
    {
        string chosenBy = IsLastResort ? "no route, so only this host is reached"
            : IsRouted ? "chosen by the routing table"
            : IPAddress.TryParse(Configured, out _) ? $"chosen by its address {Configured}"
            : "chosen by its name";
        return $"{Name ?? NameOf(Index)} (index {Index}), {chosenBy}";
    }

    private static string NameOf(int index)
    {
        try
        {
            return HostInterfaces.Read().FirstOrDefault(i => i.Index == index)?.Name ?? "an interface";
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException)
        {
            return "an interface";
        }
    }

    /// <summary>Returns the address that a socket would send from; null if there is no route.</summary>
    private static IPAddress? SourceOf(IPAddress destination)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Connect(destination, Discard);
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
