using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Native;

namespace SpeedData.Core.Sockets;

/// <summary>
/// Linux socket options that System.Net.Sockets does not name. The numbers come from the kernel's uapi headers (asm-generic/socket.h,
/// linux/in.h, linux/sock_diag.h), the same on x64 and arm64.
/// </summary>
internal static class RawOptions
{
    private const int SolSocket = 1, IpProtoIp = 0;
    private const int SoReuseAddr = 2, SoError = 4, SoSndBufForce = 32, SoRcvBufForce = 33, SoMemInfo = 55;
    private const int IpRecvErr = 11, IpMulticastIf = 32, IpAddMembership = 35, IpDropMembership = 36, McastJoinSource = 46, McastLeaveSource = 47, IpMulticastAll = 49, IpUnicastIf = 50;
    private const int MemInfoDrops = 8, MemInfoValues = 9;

    /// <summary>
    /// Sets SO_REUSEADDR alone. .NET's ReuseAddress also sets SO_REUSEPORT, which would distribute a group's datagrams over
    /// sockets.
    /// </summary>
    public static void ReuseAddress(Socket socket, bool on) => Set(socket, SolSocket, SoReuseAddr, on ? 1 : 0);

    /// <summary>
    /// Limits the socket to the groups that it joined itself, without those that others on the host joined.
    /// </summary>
    public static void MulticastAllOff(Socket socket) => Set(socket, IpProtoIp, IpMulticastAll, 0);

    /// <summary>
    /// Lets the kernel report ENOBUFS when a local queue drops a datagram. Without it, such a send looks successful.
    /// </summary>
    public static void ReportErrors(Socket socket) => Set(socket, IpProtoIp, IpRecvErr, 1);

    /// <summary>Sets the outgoing interface for unicast: its index, in network byte order for this one option.</summary>
    public static void UnicastInterface(Socket socket, int index) => Set(socket, IpProtoIp, IpUnicastIf, BinaryPrimitives.ReverseEndianness(index));

    /// <summary>Sets the outgoing interface for multicast (struct ip_mreqn).</summary>
    public static void MulticastInterface(Socket socket, InterfaceBinding way) =>
        socket.SetRawSocketOption(IpProtoIp, IpMulticastIf, Membership(IPAddress.Any, way.Address, way.Index));

    /// <summary>Joins a group for any source (struct ip_mreqn). Without an interface, the routing table chooses.</summary>
    public static void Join(Socket socket, IPAddress group, InterfaceBinding? way) =>
        socket.SetRawSocketOption(IpProtoIp, IpAddMembership, Membership(group, way?.Address ?? IPAddress.Any, way?.Index ?? 0));

    /// <summary>Ends a membership made with <see cref="Join"/>.</summary>
    public static void Leave(Socket socket, IPAddress group, InterfaceBinding? way) =>
        socket.SetRawSocketOption(IpProtoIp, IpDropMembership, Membership(group, way?.Address ?? IPAddress.Any, way?.Index ?? 0));

    /// <summary>Joins a group for one source (RFC 4607), on an interface given by its index (RFC 3678, struct group_source_req).</summary>
    public static void JoinSource(Socket socket, IPAddress group, InterfaceBinding? way, IPAddress source) =>
        socket.SetRawSocketOption(IpProtoIp, McastJoinSource, SourceMembership(group, way, source));

    /// <summary>Ends a membership made with <see cref="JoinSource"/>.</summary>
    public static void LeaveSource(Socket socket, IPAddress group, InterfaceBinding? way, IPAddress source) =>
        socket.SetRawSocketOption(IpProtoIp, McastLeaveSource, SourceMembership(group, way, source));

    /// <summary>Sets UDP_GRO: datagrams that arrived together are delivered together.</summary>
    public static void ReceiveCoalesced(Socket socket) => Set(socket, MessageCalls.SolUdp, MessageCalls.UdpGro, 1);

    /// <summary>Sets SO_TIMESTAMPNS: each message carries its time of arrival.</summary>
    public static void ReceiveTimes(Socket socket) => Set(socket, SolSocket, MessageCalls.SoTimestampNs, 1);

    /// <summary>Sets SO_RXQ_OVFL: once anything was dropped, each message carries the number dropped before it was queued.</summary>
    public static void ReceiveDrops(Socket socket) => Set(socket, SolSocket, MessageCalls.SoRxqOvfl, 1);

    /// <summary>Throws if the kernel has no UDP_SEGMENT. The value 0 leaves the size to each message.</summary>
    public static void ProbeSegmentation(Socket socket) => Set(socket, MessageCalls.SolUdp, MessageCalls.UdpSegment, 0);

    /// <summary>Sets SO_RCVBUFFORCE, which may exceed net.core.rmem_max; needs CAP_NET_ADMIN.</summary>
    public static bool TryForceReceiveBuffer(Socket socket, int bytes) => TrySet(socket, SolSocket, SoRcvBufForce, bytes);

    /// <summary>Sets SO_SNDBUFFORCE, which may exceed net.core.wmem_max; needs CAP_NET_ADMIN.</summary>
    public static bool TryForceSendBuffer(Socket socket, int bytes) => TrySet(socket, SolSocket, SoSndBufForce, bytes);

    /// <summary>
    /// Reads the drop count of SO_MEMINFO, a 32-bit counter since the socket was made. SO_RXQ_OVFL comes only with a later datagram
    /// and misses the end of a burst.
    /// </summary>
    public static uint Drops(Socket socket)
    {
        Span<byte> values = stackalloc byte[MemInfoValues * sizeof(uint)];
        int length = socket.GetRawSocketOption(SolSocket, SoMemInfo, values);
        return length < values.Length ? 0 : BitConverter.ToUInt32(values[(MemInfoDrops * sizeof(uint))..]);
    }

    /// <summary>
    /// Reads and clears SO_ERROR, the error that would otherwise be returned by the next call; 0 for none.
    /// </summary>
    public static int TakeError(Socket socket)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        return socket.GetRawSocketOption(SolSocket, SoError, value) == sizeof(int) ? BitConverter.ToInt32(value) : 0;
    }

    private static byte[] Membership(IPAddress group, IPAddress address, int index)
    {
        var request = new byte[12];
        group.TryWriteBytes(request, out _);
        address.TryWriteBytes(request.AsSpan(4), out _);
        BitConverter.TryWriteBytes(request.AsSpan(8), index);
        return request;
    }

    private static byte[] SourceMembership(IPAddress group, InterfaceBinding? way, IPAddress source)
    {
        // The index, padding to eight bytes, and two struct sockaddr_storage.
        const int StorageBytes = 128, GroupAt = 8, SourceAt = GroupAt + StorageBytes;
        var request = new byte[SourceAt + StorageBytes];
        BitConverter.TryWriteBytes(request, way?.Index ?? 0);
        Write(group, request.AsSpan(GroupAt));
        Write(source, request.AsSpan(SourceAt));
        return request;

        static void Write(IPAddress address, Span<byte> storage)
        {
            BitConverter.TryWriteBytes(storage, (ushort)AddressFamily.InterNetwork);
            address.TryWriteBytes(storage[4..], out _);
        }
    }

    private static void Set(Socket socket, int level, int option, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(bytes, value);
        socket.SetRawSocketOption(level, option, bytes);
    }

    private static bool TrySet(Socket socket, int level, int option, int value)
    {
        try
        {
            Set(socket, level, option, value);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
