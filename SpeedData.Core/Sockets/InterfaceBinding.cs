using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>A network interface as configured (name or address) and what that meant when it was looked up.</summary>
/// <param name="Configured">Name or IPv4 address, as configured.</param>
/// <param name="Index">The kernel's index; 0 where an address was configured: the kernel finds the interface by it.</param>
/// <param name="Address">An IPv4 address of the interface.</param>
public sealed record InterfaceBinding(string Configured, int Index, IPAddress Address)
{
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

    /// <summary>Whether the interface is gone, or has another index or address than it had.</summary>
    public bool HasMoved()
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
