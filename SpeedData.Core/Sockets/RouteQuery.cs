using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Native;

namespace SpeedData.Core.Sockets;

/// <summary>The interface by which the routing table reaches an address, and the address it sends from.</summary>
/// <param name="Index">The kernel's index of the interface.</param>
/// <param name="Source">The address that datagrams are sent from.</param>
/// <param name="Gateway">The router on the way; null where the address is on the interface's own network.</param>
internal readonly record struct Route(int Index, IPAddress Source, IPAddress? Gateway = null);

/// <summary>
/// Asks the kernel for one route (RTM_GETROUTE, rtnetlink(7)). Sends nothing on the network. The structures are those of
/// linux/netlink.h and linux/rtnetlink.h, in host byte order, which on the machines that run this is little-endian.
/// </summary>
internal static class RouteQuery
{
    private const int HeaderBytes = 16, RouteBytes = 12, AttributeHeaderBytes = 4, AddressBytes = 4;
    private const ushort TypeError = 2, TypeNewRoute = 24, TypeGetRoute = 26, Request = 1;
    private const byte FamilyInternet = 2, BitsOfAddress = 32;
    private const ushort Destination = 1, OutInterface = 4, GatewayAddress = 5, PreferredSource = 7;
    private const int AnswerBytes = 4096;

    /// <summary>Asks for the route to an address.</summary>
    /// <param name="destination">IPv4: a host or a group.</param>
    /// <param name="route">The route; null where there is none.</param>
    /// <returns>False where the kernel cannot be asked: it is not Linux, or netlink is not allowed.</returns>
    public static bool TryAsk(IPAddress destination, out Route? route)
    {
        route = null;
        if (!OperatingSystem.IsLinux() || NetlinkCalls.Open(groups: 0) is not (>= 0 and var fd))
            return false;
        using var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: true));
        try
        {
            Span<byte> answer = stackalloc byte[AnswerBytes];
            socket.Send(Question(destination));
            route = Read(answer[..socket.Receive(answer)]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static byte[] Question(IPAddress destination)
    {
        var question = new byte[HeaderBytes + RouteBytes + AttributeHeaderBytes + AddressBytes];
        BinaryPrimitives.WriteInt32LittleEndian(question, question.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(question.AsSpan(4), TypeGetRoute);
        BinaryPrimitives.WriteUInt16LittleEndian(question.AsSpan(6), Request);
        question[HeaderBytes] = FamilyInternet;
        question[HeaderBytes + 1] = BitsOfAddress;
        Span<byte> attribute = question.AsSpan(HeaderBytes + RouteBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, AttributeHeaderBytes + AddressBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], Destination);
        destination.TryWriteBytes(attribute[AttributeHeaderBytes..], out _);
        return question;
    }

    /// <returns>Null where the answer names no interface to send by.</returns>
    private static Route? Read(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < HeaderBytes + RouteBytes || BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) is TypeError or not TypeNewRoute)
            return null;
        int index = 0;
        IPAddress? source = null, gateway = null;
        ReadOnlySpan<byte> attributes = answer[(HeaderBytes + RouteBytes)..];
        while (attributes.Length >= AttributeHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderBytes || length > attributes.Length)
                break;
            ReadOnlySpan<byte> value = attributes[AttributeHeaderBytes..length];
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]);
            if (type == OutInterface && value.Length == sizeof(int))
                index = BinaryPrimitives.ReadInt32LittleEndian(value);
            else if (type == PreferredSource && value.Length == AddressBytes)
                source = new IPAddress(value);
            else if (type == GatewayAddress && value.Length == AddressBytes)
                gateway = new IPAddress(value);
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return index > 0 && source is not null ? new Route(index, source, gateway) : null;
    }
}
