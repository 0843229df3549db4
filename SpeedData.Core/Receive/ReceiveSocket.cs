using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using SpeedData.Core.Configuration;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Receive;

/// <summary>The socket of a channel, bound, joined and sized, for any kind of receiver.</summary>
public sealed class ReceiveSocket : IDisposable
{
    /// <summary>A loopback port nobody sends from (discard, RFC 863). Connecting the socket to it stops arrivals.</summary>
    private static readonly IPEndPoint Nobody = new(IPAddress.Parse("127.255.255.253"), 9);

    private readonly ReceiveOptions _options;
    private uint _dropsSeen;
    private long _drops;

    private ReceiveSocket(ReceiveOptions options, Socket socket, int grantedBufferBytes, InterfaceBinding? joinedOn)
    {
        _options = options;
        Socket = socket;
        GrantedBufferBytes = grantedBufferBytes;
        JoinedOn = joinedOn;
    }

    public Socket Socket { get; }

    /// <summary>The effective SO_RCVBUF in bytes, without the kernel's doubling.</summary>
    public int GrantedBufferBytes { get; }

    /// <summary>The interface on which the group was joined; null if no group was joined.</summary>
    public InterfaceBinding? JoinedOn { get; private set; }

    /// <param name="options">Address, interface and buffer.</param>
    /// <param name="port">UDP port.</param>
    /// <param name="predecessor">
    /// The socket that this one replaces; null if none. On Linux both may have the same address. The predecessor then stops accepting
    /// as this one starts: on a unicast address without a gap, on a group for the microseconds of a join.
    /// </param>
    /// <exception cref="ChannelSetupException">The port is taken, or the interface or address is absent.</exception>
    public static ReceiveSocket Open(ReceiveOptions options, int port, ReceiveSocket? predecessor = null)
    {
        InterfaceBinding? way = WayOf(options);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            int granted = SocketBuffers.Receive(socket, options.BufferBytes);
            // Needed without a group too: by default such a socket receives every group that any program on this host has joined.
            if (OperatingSystem.IsLinux())
                RawOptions.MulticastAllOff(socket);
            if (InterfaceBinding.IsGroup(options.Address))
                BindToGroup(socket, options.Address, port);
            else if (OperatingSystem.IsLinux() && predecessor is not null)
                BindBeside(predecessor.Socket, socket, options.Address, port);
            else
                Bind(socket, options.Address, port);
            // Before the join: two members would both receive each datagram.
            predecessor?.StopAccepting();
            if (InterfaceBinding.IsGroup(options.Address))
                JoinOrExplain(socket, options, way);
            return new ReceiveSocket(options, socket, granted, way);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Does what <see cref="IDatagramReceiver.StopAccepting"/> says.</summary>
    public void StopAccepting()
    {
        try
        {
            Socket.Connect(Nobody);
        }
        catch (SocketException)
        {
            // There is no loopback in this network namespace. The drain then reads the queue until its time limit.
        }
    }

    /// <summary>Returns <see cref="IDatagramReceiver.KernelDrops"/>. One call at a time.</summary>
    public long KernelDrops()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        uint now = RawOptions.Drops(Socket);
        _drops += now - _dropsSeen; // modulo 2^32: the kernel's counter wraps
        _dropsSeen = now;
        return _drops;
    }

    /// <summary>Does what <see cref="IDatagramReceiver.Rejoin"/> says. One call at a time.</summary>
    public void Rejoin()
    {
        // Leave first: if a new interface has the index of the old one, the kernel may still count the group as joined.
        if (JoinedOn is not null)
            Leave(Socket, _options, JoinedOn);
        JoinedOn = null;
        InterfaceBinding? way = WayOf(_options);
        JoinOrExplain(Socket, _options, way);
        JoinedOn = way;
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Finds the interface for the join. An address alone is not enough, because it may move to another interface.</summary>
    private static InterfaceBinding? WayOf(ReceiveOptions options)
    {
        if (!InterfaceBinding.IsGroup(options.Address))
            return null;
        if (options.Interface is { } configured)
            return InterfaceBinding.Resolve("Receive:Interface", configured, NetworkSnapshot.Now(), needsAddress: !OperatingSystem.IsLinux());
        return InterfaceBinding.Routed(options.Address) is { IsLastResort: false } way
            ? way
            : throw new ChannelSetupException($"Receive:Address = {options.Address}: the routing table has no route to this group; add a route, or name an interface with Receive:Interface") { IsOfNetwork = true };
    }

    private static void Bind(Socket socket, IPAddress address, int port)
    {
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new ChannelSetupException($"Port = {port}: another socket on this host holds {address}:{port}; end that program or choose another Port", e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new ChannelSetupException($"Receive:Address = {address}: no interface of this host has this address at the moment", e) { IsOfNetwork = true };
        }
        catch (SocketException e)
        {
            throw new ChannelSetupException($"Port = {port}: cannot bind {address}:{port}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Binds a socket while its predecessor may have the same address. Of two such sockets the kernel delivers to the one that was
    /// bound last (udp4_lib_lookup2). Afterwards no further socket can share the address.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static void BindBeside(Socket predecessor, Socket socket, IPAddress address, int port)
    {
        RawOptions.ReuseAddress(predecessor, true);
        RawOptions.ReuseAddress(socket, true);
        Bind(socket, address, port);
        RawOptions.ReuseAddress(socket, false);
    }

    private static void BindToGroup(Socket socket, IPAddress group, int port)
    {
        if (OperatingSystem.IsLinux())
        {
            RawOptions.ReuseAddress(socket, true);
            Bind(socket, group, port);
        }
        else
        {
            Bind(socket, IPAddress.Any, port); // elsewhere a socket cannot be bound to a group
        }
    }

    private static void JoinOrExplain(Socket socket, ReceiveOptions options, InterfaceBinding? way)
    {
        try
        {
            Join(socket, options, way);
        }
        catch (SocketException e)
        {
            string on = options.Interface is { } name ? $"on Receive:Interface = {name}" : "without Receive:Interface: the routing table has no route to it; name an interface";
            throw new ChannelSetupException($"Receive:Address = {options.Address}: cannot join the group {on} ({e.Message})", e) { IsOfNetwork = true };
        }
    }

    private static void Join(Socket socket, ReceiveOptions options, InterfaceBinding? way)
    {
        if (OperatingSystem.IsLinux() && options.Source is { } source)
            RawOptions.JoinSource(socket, options.Address, way, source);
        else if (OperatingSystem.IsLinux())
            RawOptions.Join(socket, options.Address, way);
        else if (options.Source is null)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(options.Address, way?.Address ?? IPAddress.Any));
        else
            throw new ChannelSetupException($"Receive:Source = {options.Source}: source-specific multicast is supported on Linux only");
    }

    /// <summary>Leaves the group, if the interface and the membership still exist.</summary>
    private static void Leave(Socket socket, ReceiveOptions options, InterfaceBinding? way)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, new MulticastOption(options.Address, way?.Address ?? IPAddress.Any));
            else if (options.Source is { } source)
                RawOptions.LeaveSource(socket, options.Address, way, source);
            else
                RawOptions.Leave(socket, options.Address, way);
        }
        catch (SocketException)
        {
            // There was no membership.
        }
    }
}
