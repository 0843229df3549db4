using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>The interface by which the routing table reaches an address, and the source address.</summary>
/// <param name="Index">The kernel's index of the interface.</param>
/// <param name="Source">The address that datagrams are sent from.</param>
/// <param name="Gateway">The router on the way; null if the address is on the interface's own network.</param>
internal readonly record struct Route(int Index, IPAddress Source, IPAddress? Gateway = null);

/// <summary>Asks the kernel for one route (RTM_GETROUTE, rtnetlink(7)). Sends nothing on the network.</summary>
internal static class RouteQuery
{
    // struct rtmsg.
    private const int RouteBytes = 12, AddressBytes = 4;
    private const ushort TypeNewRoute = 24, TypeGetRoute = 26, Request = 1;
    private const byte FamilyInternet = 2, BitsOfAddress = 32;
    private const ushort Destination = 1, OutInterface = 4, GatewayAddress = 5, PreferredSource = 7;
    private const int AnswerBytes = 4096;

    /// <summary>Asks for the route to an address.</summary>
    /// <param name="destination">The IPv4 address of a host or a group.</param>
    /// <param name="route">The route; null if there is none.</param>
    /// <returns>False if the kernel cannot be asked: it is not Linux, or netlink is not allowed.</returns>
    public static bool TryAsk(IPAddress destination, out Route? route)
    {
        route = null;
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using Socket socket = NetlinkReader.Open();
            Span<byte> answer = stackalloc byte[AnswerBytes];
            socket.Send(Question(destination));
            route = Read(answer[..socket.Receive(answer)]);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static byte[] Question(IPAddress destination)
    {
        const int BodyAt = NetlinkReader.HeaderBytes, AttributeBytes = NetlinkReader.AttributeHeaderBytes + AddressBytes;
        var question = new byte[BodyAt + RouteBytes + AttributeBytes];
        NetlinkReader.WriteHeader(question, TypeGetRoute, Request);
        question[BodyAt] = FamilyInternet;
        question[BodyAt + 1] = BitsOfAddress;
        Span<byte> attribute = question.AsSpan(BodyAt + RouteBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, AttributeBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], Destination);
        destination.TryWriteBytes(attribute[NetlinkReader.AttributeHeaderBytes..], out _);
        return question;
    }

    /// <returns>Null if the answer names no outgoing interface. Without a route it is an error.</returns>
    private static Route? Read(ReadOnlySpan<byte> answer)
    {
        var reader = new NetlinkReader(answer);
        try
        {
            if (!reader.MoveNext() || reader.Type != TypeNewRoute || reader.Body.Length < RouteBytes)
                return null;
        }
        catch (InvalidDataException)
        {
            return null;
        }

        ReadOnlySpan<byte> attributes = reader.Body[RouteBytes..], index = NetlinkReader.Attribute(attributes, OutInterface);
        return index.Length == sizeof(int) && Address(attributes, PreferredSource) is { } source
            ? new Route(BinaryPrimitives.ReadInt32LittleEndian(index), source, Address(attributes, GatewayAddress))
            : null;
    }

    private static IPAddress? Address(ReadOnlySpan<byte> attributes, ushort wanted) =>
        NetlinkReader.Attribute(attributes, wanted) is { Length: AddressBytes } value ? new IPAddress(value) : null;
}
