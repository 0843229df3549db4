using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>The connected, non-blocking socket of a stream, for any kind of sender.</summary>
public sealed class StreamSocket : IDisposable
{
    // The receive buffer holds only the queue of reported errors, which nobody reads.
    private const int ErrorQueueBytes = 4096;

    private StreamSocket(Socket socket, int grantedBufferBytes, InterfaceBinding? way, Reachability? host)
    {
        Socket = socket;
        GrantedBufferBytes = grantedBufferBytes;
        Way = way;
        Host = host;
    }

    public Socket Socket { get; }

    /// <summary>The effective SO_SNDBUF in bytes, without the kernel's doubling.</summary>
    public int GrantedBufferBytes { get; }

    /// <summary>The configured interface, or the routing table's choice; null if there is no route to a host.</summary>
    public InterfaceBinding? Way { get; }

    /// <summary>The reachability of the receiving host; null for a group.</summary>
    public Reachability? Host { get; }

    /// <param name="stream">Configuration key of the stream, for faults: <c>FullRate</c> or <c>Decimated</c>.</param>
    /// <param name="options">The destination.</param>
    /// <exception cref="ChannelSetupException">The interface does not exist, or there is no route to a unicast address.</exception>
    public static StreamSocket Open(string stream, StreamOptions options)
    {
        // The routing table is asked before the socket is made. A change in between is then detected as a move.
        InterfaceBinding? way = options.Interface is { } name
            ? InterfaceBinding.Resolve($"{stream}:Interface", name, NetworkSnapshot.Now(), needsAddress: true)
            : InterfaceBinding.Routed(options.Address);
        try
        {
            return Connected(stream, options, way);
        }
        catch (SocketException e)
        {
            throw new ChannelSetupException($"{stream}:Address = {options.Address}: cannot send there: {e.Message}", e) { IsOfNetwork = true };
        }
    }

    /// <summary>
    /// Judges the result of a send, including errors that wait at the socket: on loopback the kernel reports at once that nobody received
    /// the last datagram. The sending thread.
    /// </summary>
    public SendTally Judge(SendTally tally)
    {
        if (Host is null || tally == default)
            return tally;
        if (OperatingSystem.IsLinux() && RawOptions.TakeError(Socket) is not 0 and var errno)
            Host.Note(errno);
        return Host.Judge(tally);
    }

    public void Dispose()
    {
        Host?.Dispose();
        Socket.Dispose();
    }

    private static StreamSocket Connected(string stream, StreamOptions options, InterfaceBinding? way)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = ErrorQueueBytes };
        try
        {
            int granted = SocketBuffers.Send(socket, options.BufferBytes);
            if (OperatingSystem.IsLinux())
                RawOptions.ReportErrors(socket);
            if (InterfaceBinding.IsGroup(options.Address))
                ConnectToGroup(socket, options, way);
            else
                ConnectToHost(socket, options, way);
            Reachability? host = InterfaceBinding.IsGroup(options.Address) ? null : new Reachability(stream, new IPEndPoint(options.Address, options.Port));
            return new StreamSocket(socket, granted, way, host);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void ConnectToGroup(Socket socket, StreamOptions options, InterfaceBinding? way)
    {
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, options.Ttl);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, options.Loopback);
        bool isLoopback = way?.Address.Equals(IPAddress.Loopback) == true;
        bool mustStay = options.Ttl == 0 && way is not null;
        // The kernel chooses by the route, and follows the interface to a new index. Without a route there is no interface to follow.
        if (mustStay || isLoopback || way is { IsRouted: false })
            SetMulticastInterface(socket, way!);
        if (isLoopback)
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (mustStay && OperatingSystem.IsLinux())
            KeepInside(socket, options.Address, way!);
        socket.Connect(new IPEndPoint(options.Address, options.Port));
    }

    /// <summary>
    /// Keeps a stream with TTL 0 on this host. Linux drops its datagrams before the wire only if this host is a member of the group on the
    /// outgoing interface. So the sender joins on the interface that it is bound to, and before it connects, because a connected socket
    /// keeps its route. The socket receives nothing through this, because no datagram comes from a group.
    /// </summary>
    private static void KeepInside(Socket socket, IPAddress group, InterfaceBinding way) => RawOptions.Join(socket, group, way);

    private static void ConnectToHost(Socket socket, StreamOptions options, InterfaceBinding? way)
    {
        // The address may be an interface's broadcast address, now or later.
        socket.EnableBroadcast = true;
        if (way is { IsRouted: false, Index: > 0 } && OperatingSystem.IsLinux())
            RawOptions.UnicastInterface(socket, way.Index);
        else if (way is { IsRouted: false })
            socket.Bind(new IPEndPoint(way.Address, 0));
        socket.Connect(new IPEndPoint(options.Address, options.Port));
    }

    private static void SetMulticastInterface(Socket socket, InterfaceBinding way)
    {
        if (OperatingSystem.IsLinux())
            RawOptions.MulticastInterface(socket, way);
        else
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, way.Address.GetAddressBytes());
    }
}
