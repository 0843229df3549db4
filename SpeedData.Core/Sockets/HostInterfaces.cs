using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using SpeedData.Core.Native;

namespace SpeedData.Core.Sockets;

/// <summary>A network interface at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">The kernel's index.</param>
/// <param name="Addresses">Its IPv4 addresses, in the kernel's order.</param>
/// <param name="Broadcasts">The broadcast addresses of their networks.</param>
internal sealed record HostInterface(string Name, int Index, IReadOnlyList<IPAddress> Addresses, IReadOnlyList<IPAddress> Broadcasts);

/// <summary>
/// Lists the interfaces of this network namespace. On Linux by two dumps of rtnetlink(7), which take some 50 µs where .NET's
/// list takes milliseconds: a host with containers changes its interfaces often.
/// </summary>
internal static class HostInterfaces
{
    private const int HeaderBytes = 16, LinkMessageBytes = 16, AddressMessageBytes = 8, AttributeHeaderBytes = 4, AnswerBytes = 65_536;
    private const ushort TypeError = 2, TypeDone = 3, TypeNewLink = 16, TypeGetLink = 18, TypeNewAddress = 20, TypeGetAddress = 22;
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const byte AnyFamily = 0, InternetFamily = 2;
    private const ushort InterfaceName = 3, OwnAddress = 1, LocalAddress = 2, BroadcastAddress = 4;

    private delegate void Message(ushort type, ReadOnlySpan<byte> body);

    /// <exception cref="IOException">The kernel cannot be asked, as without a descriptor.</exception>
    /// <exception cref="SocketException">Likewise.</exception>
    public static IReadOnlyList<HostInterface> Read() => OperatingSystem.IsLinux() ? ReadByNetlink() : ReadByRuntime();

    private static List<HostInterface> ReadByNetlink()
    {
        if (NetlinkCalls.Open(groups: 0) is not (>= 0 and var fd))
            throw new IOException("the interfaces cannot be listed: no netlink socket");
        using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: true));
        var names = new List<(string Name, int Index)>();
        var addresses = new List<(int Index, IPAddress Address)>();
        var broadcasts = new List<(int Index, IPAddress Address)>();
        Dump(socket, TypeGetLink, AnyFamily, (type, body) =>
        {
            if (type == TypeNewLink && body.Length >= LinkMessageBytes)
                names.Add((Text(Attribute(body[LinkMessageBytes..], InterfaceName)), BinaryPrimitives.ReadInt32LittleEndian(body[4..])));
        });
        Dump(socket, TypeGetAddress, InternetFamily, (type, body) =>
        {
            if (type != TypeNewAddress || body.Length < AddressMessageBytes || OwnOf(body[AddressMessageBytes..]) is not { } address)
                return;
            int index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            addresses.Add((index, address));
            if ((AddressOf(Attribute(body[AddressMessageBytes..], BroadcastAddress)) ?? BroadcastOf(address, body[1])) is { } broadcast)
                broadcasts.Add((index, broadcast));
        });
        return [.. names.Select(n => new HostInterface(n.Name, n.Index, Of(n.Index, addresses), Of(n.Index, broadcasts)))];

        static IReadOnlyList<IPAddress> Of(int index, List<(int Index, IPAddress Address)> all) => [.. all.Where(a => a.Index == index).Select(a => a.Address)];
    }

    private static void Dump(Socket socket, ushort question, byte family, Message each)
    {
        Span<byte> request = stackalloc byte[HeaderBytes + LinkMessageBytes];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], question);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        request[HeaderBytes] = family;
        socket.Send(request);
        var answer = new byte[AnswerBytes];
        while (HasMore(answer.AsSpan(0, socket.Receive(answer)), each))
        {
        }
    }

    /// <returns>Whether the dump goes on in another datagram.</returns>
    private static bool HasMore(ReadOnlySpan<byte> answer, Message each)
    {
        while (answer.Length >= HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(answer);
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]);
            if (length < HeaderBytes || length > answer.Length || type == TypeError)
                throw new IOException("the kernel does not list its interfaces");
            if (type == TypeDone)
                return false;
            each(type, answer[HeaderBytes..length]);
            answer = answer[Math.Min((length + 3) & ~3, answer.Length)..];
        }

        return true;
    }

    /// <summary>A point-to-point interface has the other end's address under "address" and its own under "local".</summary>
    private static IPAddress? OwnOf(ReadOnlySpan<byte> attributes) =>
        AddressOf(Attribute(attributes, LocalAddress)) ?? AddressOf(Attribute(attributes, OwnAddress));

    private static IPAddress? AddressOf(ReadOnlySpan<byte> value) => value.Length == 4 ? new IPAddress(value) : null;

    /// <summary>Also where the interface was given none: the kernel then takes this one (RFC 919). Networks of two have none.</summary>
    private static IPAddress? BroadcastOf(IPAddress own, int prefixLength)
    {
        if (prefixLength is 0 or > 30)
            return null;
        uint hostBits = uint.MaxValue >> prefixLength;
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(own.GetAddressBytes()) | hostBits);
        return new IPAddress(bytes);
    }

    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (attributes.Length >= AttributeHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderBytes || length > attributes.Length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == wanted)
                return attributes[AttributeHeaderBytes..length];
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return [];
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
