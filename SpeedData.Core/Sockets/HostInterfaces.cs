using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace SpeedData.Core.Sockets;

/// <summary>A network interface at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">The kernel's index.</param>
/// <param name="Addresses">Its IPv4 addresses, in the kernel's order.</param>
/// <param name="Broadcasts">The broadcast addresses of their networks.</param>
internal sealed record HostInterface(string Name, int Index, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<IPAddress> Broadcasts);

/// <summary>
/// Lists the interfaces of this network namespace. On Linux it uses two dumps of rtnetlink(7), because a host with containers changes
/// its interfaces often: they take about 50 µs, .NET's list takes milliseconds.
/// </summary>
internal static class HostInterfaces
{
    // struct ifinfomsg and struct ifaddrmsg.
    private const int LinkMessageBytes = 16, AddressMessageBytes = 8;
    private const ushort TypeNewLink = 16, TypeGetLink = 18, TypeNewAddress = 20, TypeGetAddress = 22;
    private const byte AnyFamily = 0, InternetFamily = 2;
    private const ushort InterfaceName = 3, OwnAddress = 1, LocalAddress = 2, BroadcastAddress = 4;

    /// <exception cref="IOException">The kernel cannot be asked, for example because no descriptor is left.</exception>
    /// <exception cref="SocketException">The kernel cannot be asked.</exception>
    /// <exception cref="InvalidDataException">The kernel refuses.</exception>
    public static IReadOnlyList<HostInterface> Read() => OperatingSystem.IsLinux() ? ReadByNetlink() : ReadByRuntime();

    private static List<HostInterface> ReadByNetlink()
    {
        using Socket socket = NetlinkReader.Open();
        var names = new List<(string Name, int Index)>();
        var addresses = new List<(int Index, IPAddress Address)>();
        var broadcasts = new List<(int Index, IPAddress Address)>();
        NetlinkReader.Dump(socket, TypeGetLink, LinkMessageBytes, AnyFamily, (type, body) =>
        {
            if (type == TypeNewLink && body.Length >= LinkMessageBytes)
                names.Add((Text(NetlinkReader.Attribute(body[LinkMessageBytes..], InterfaceName)), BinaryPrimitives.ReadInt32LittleEndian(body[4..])));
        });
        NetlinkReader.Dump(socket, TypeGetAddress, AddressMessageBytes, InternetFamily, (type, body) =>
        {
            if (type != TypeNewAddress || body.Length < AddressMessageBytes || OwnOf(body[AddressMessageBytes..]) is not { } address)
                return;
            int index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            addresses.Add((index, address));
            if ((AddressOf(NetlinkReader.Attribute(body[AddressMessageBytes..], BroadcastAddress)) ?? BroadcastOf(address, body[1])) is { } broadcast)
                broadcasts.Add((index, broadcast));
        });
        return [.. names.Select(n => new HostInterface(n.Name, n.Index, Of(n.Index, addresses), Of(n.Index, broadcasts)))];

        static IReadOnlyList<IPAddress> Of(int index, List<(int Index, IPAddress Address)> all) => [.. all.Where(a => a.Index == index).Select(a => a.Address)];
    }

    /// <summary>
    /// Returns the interface's own address. A point-to-point interface has it under "local", and the other end's under "address".
    /// </summary>
    private static IPAddress? OwnOf(ReadOnlySpan<byte> attributes) =>
        AddressOf(NetlinkReader.Attribute(attributes, LocalAddress)) ?? AddressOf(NetlinkReader.Attribute(attributes, OwnAddress));

    private static IPAddress? AddressOf(ReadOnlySpan<byte> value) => value.Length == 4 ? new IPAddress(value) : null;

    /// <summary>
    /// Returns the broadcast address, even if the interface has none: the kernel then uses this one (RFC 919). Networks of two addresses
    /// have none.
    /// </summary>
    private static IPAddress? BroadcastOf(IPAddress own, int prefixLength)
    {
        if (prefixLength is 0 or > 30)
            return null;
        uint hostBits = uint.MaxValue >> prefixLength;
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(own.GetAddressBytes()) | hostBits);
        return new IPAddress(bytes);
    }

    private static string Text(ReadOnlySpan<byte> zeroEnded) => Encoding.UTF8.GetString(zeroEnded.TrimEnd((byte)0));

    private static List<HostInterface> ReadByRuntime() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().Select(i => new HostInterface(
            i.Name,
            i.GetIPProperties().GetIPv4Properties()?.Index ?? 0,
            [.. Ipv4Addresses(i).Select(a => a.Address)],
            [.. Ipv4Addresses(i).Select(a => BroadcastOf(a.Address, a.PrefixLength)).OfType<IPAddress>()]))];

    private static IEnumerable<UnicastIPAddressInformation> Ipv4Addresses(NetworkInterface candidate) =>
        candidate.GetIPProperties().UnicastAddresses.Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork);
}
