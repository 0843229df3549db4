using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>A network interface as configured (name or address) or chosen by the routing table, and what that meant when it was looked up.</summary>
/// <param name="Configured">Name or IPv4 address, as configured; empty where the routing table chose.</param>
/// <param name="Index">The kernel's index; 0 where it is not known, and then the kernel finds the interface by the address.</param>
/// <param name="Address">An IPv4 address of the interface.</param>
public sealed record InterfaceBinding(string Configured, int Index, IPAddress Address)
{
    private const int Discard = 9; // RFC 863; nothing is sent there

    /// <summary>Where the routing table's way leads to; null where an interface was configured.</summary>
    private IPAddress? Destination { get; init; }

    /// <summary>Whether the routing table chose.</summary>
    public bool IsRouted => Destination is not null;

    /// <summary>The way to receivers on this host.</summary>
    public static InterfaceBinding Loopback { get; } = new("127.0.0.1", NetworkInterface.LoopbackInterfaceIndex, IPAddress.Loopback);

    /// <exception cref="ChannelSetupException">There is no such interface at the moment, or it has no IPv4 address.</exception>
    public static InterfaceBinding Resolve(string key, string configured)
    {
        bool byAddress = IPAddress.TryParse(configured, out IPAddress? address);
        // All of 127.0.0.0/8 is the loopback interface's, though only 127.0.0.1 is listed.
        if (byAddress && IPAddress.IsLoopback(address!))
            return Loopback with { Configured = configured, Address = address! };
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (!byAddress && candidate.Name != configured)
                continue;
            IPAddress? own = Ipv4Addresses(candidate).FirstOrDefault(a => !byAddress || a.Equals(address));
            if (own is not null)
                return new InterfaceBinding(configured, candidate.GetIPProperties().GetIPv4Properties().Index, own);
            if (!byAddress)
                throw new ChannelSetupException($"{key} = {configured}: the interface has no IPv4 address yet");
        }

        throw new ChannelSetupException($"{key} = {configured}: there is no such interface on this host at the moment; present are {string.Join(", ", Names())}");
    }

    /// <summary>
    /// The way that the routing table chooses. A connected socket keeps the address that it sends from, and can send no more
    /// once the host no longer has it. Sends nothing.
    /// </summary>
    /// <returns>Null if there is no route. A group is then reached on this host alone, by <see cref="Loopback"/>.</returns>
    public static InterfaceBinding? Routed(IPAddress destination)
    {
        if (!RouteQuery.TryAsk(destination, out Route? route))
            route = SourceOf(destination) is { } source ? new Route(0, source) : null;
        if (route is { } way)
            return new InterfaceBinding("", way.Index, way.Source) { Destination = destination };
        return IsGroup(destination) ? Loopback with { Configured = "", Destination = destination } : null;
    }

    /// <summary>Whether an IPv4 address is of 224.0.0.0/4.</summary>
    public static bool IsGroup(IPAddress address) => (address.GetAddressBytes()[0] & 0xF0) == 0xE0;

    /// <summary>
    /// Whether the interface is gone, or has another index or address than it had, or the routing table chooses another.
    /// A host that is out of reach for the moment is no reason to begin anew: what is sent to it is counted.
    /// </summary>
    public bool HasMoved() => Destination is { } destination ? Routed(destination) is { } now && now != this : InterfaceHasMoved();

    private bool InterfaceHasMoved()
    {
        try
        {
            return Resolve("", Configured) != this;
        }
        catch (ChannelSetupException)
        {
            return true;
        }
    }

    /// <summary>The address that a socket sends from; null if there is no route.</summary>
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

    private static IEnumerable<IPAddress> Ipv4Addresses(NetworkInterface candidate) =>
        candidate.GetIPProperties().UnicastAddresses.Select(a => a.Address).Where(a => a.AddressFamily == AddressFamily.InterNetwork);

    private static IEnumerable<string> Names() => NetworkInterface.GetAllNetworkInterfaces().Select(n => n.Name);
}
