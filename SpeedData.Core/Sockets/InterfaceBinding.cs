using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>A network interface as configured (name or address) or chosen by the routing table, and what that meant when it was looked up.</summary>
/// <param name="Configured">Name or IPv4 address, as configured; empty where the routing table chose.</param>
/// <param name="Index">The kernel's index; 0 otherwise: the kernel finds the interface by it.</param>
/// <param name="Address">An IPv4 address of the interface.</param>
public sealed record InterfaceBinding(string Configured, int Index, IPAddress Address)
{
    private const int Discard = 9; // RFC 863; nothing is sent there

    /// <summary>Where the routing table's way leads to; null where an interface was configured.</summary>
    private IPAddress? Destination { get; init; }

    /// <summary>Whether the routing table chose.</summary>
    public bool IsRouted => Destination is not null;

    /// <summary>The way to receivers on this host.</summary>
    public static InterfaceBinding Loopback { get; } = new("127.0.0.1", 0, IPAddress.Loopback);

    /// <exception cref="ChannelSetupException">There is no such interface at the moment, or it has no IPv4 address.</exception>
    public static InterfaceBinding Resolve(string key, string configured)
    {
        bool byAddress = IPAddress.TryParse(configured, out IPAddress? address);
        // All of 127.0.0.0/8 is the loopback interface's, though only 127.0.0.1 is listed.
        if (byAddress && IPAddress.IsLoopback(address!))
            return new InterfaceBinding(configured, 0, address!);
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (!byAddress && candidate.Name != configured)
                continue;
            IPAddress? own = Ipv4Addresses(candidate).FirstOrDefault(a => !byAddress || a.Equals(address));
            if (own is not null)
                return new InterfaceBinding(configured, byAddress ? 0 : candidate.GetIPProperties().GetIPv4Properties().Index, own);
            if (!byAddress)
                throw new ChannelSetupException($"{key} = {configured}: the interface has no IPv4 address yet");
        }

        throw new ChannelSetupException($"{key} = {configured}: there is no such interface on this host at the moment; present are {string.Join(", ", Names())}");
    }

    /// <summary>
    /// The way the routing table chooses, known by the address it sends from: a connected socket keeps that address, and
    /// can send no more once the host has it no longer. Sends nothing.
    /// </summary>
    /// <returns>Null if there is no route. A group is then reached on this host alone, by <see cref="Loopback"/>'s address.</returns>
    public static InterfaceBinding? Routed(IPAddress destination)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Connect(destination, Discard);
            return new InterfaceBinding("", 0, ((IPEndPoint)probe.LocalEndPoint!).Address) { Destination = destination };
        }
        catch (SocketException)
        {
            return IsGroup(destination) ? Loopback with { Configured = "", Destination = destination } : null;
        }
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

    private static IEnumerable<IPAddress> Ipv4Addresses(NetworkInterface candidate) =>
        candidate.GetIPProperties().UnicastAddresses.Select(a => a.Address).Where(a => a.AddressFamily == AddressFamily.InterNetwork);

    private static IEnumerable<string> Names() => NetworkInterface.GetAllNetworkInterfaces().Select(n => n.Name);
}
