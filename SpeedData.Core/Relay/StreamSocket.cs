using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>The connected, non-blocking socket of a stream, whatever then writes to it.</summary>
public sealed class StreamSocket : IDisposable
{
    // Only the queue of reported errors is charged to it, which nobody reads.
    private const int ErrorQueueBytes = 4096;

    private StreamSocket(Socket socket, int grantedBufferBytes, InterfaceBinding? way)
    {
        Socket = socket;
        GrantedBufferBytes = grantedBufferBytes;
        Way = way;
    }

    public Socket Socket { get; }

    /// <summary>SO_SNDBUF in force, in bytes, without the kernel's doubling.</summary>
    public int GrantedBufferBytes { get; }

    /// <summary>The configured interface; null where the routing table chose.</summary>
    public InterfaceBinding? Way { get; }

    /// <param name="stream">Configuration key of the stream, for faults: <c>FullRate</c> or <c>Decimated</c>.</param>
    /// <param name="options">Where it goes.</param>
    /// <exception cref="ChannelSetupException">The interface is absent, or there is no way to a unicast address.</exception>
    public static StreamSocket Open(string stream, StreamOptions options)
    {
        InterfaceBinding? way = options.Interface is { } name ? InterfaceBinding.Resolve($"{stream}:Interface", name) : null;
        try
        {
            return Connected(options, way);
        }
        catch (SocketException e) when (way is null && IsGroup(options) && e.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
        {
            // A host without any route still has receivers of its own.
            return Connected(options, InterfaceBinding.Loopback);
        }
        catch (SocketException e)
        {
            throw new ChannelSetupException($"{stream}:Address = {options.Address}: cannot send there: {e.Message}", e);
        }
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>A socket of its own for every try: .NET refuses to connect one a second time after a failure.</summary>
    private static StreamSocket Connected(StreamOptions options, InterfaceBinding? way)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = ErrorQueueBytes };
        try
        {
            int granted = SocketBuffers.Send(socket, options.BufferBytes);
            if (OperatingSystem.IsLinux())
                RawOptions.ReportErrors(socket);
            if (IsGroup(options))
                ConnectToGroup(socket, options, way);
            else
                ConnectToHost(socket, options, way);
            return new StreamSocket(socket, granted, way);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsGroup(StreamOptions options) => (options.Address.GetAddressBytes()[0] & 0xF0) == 0xE0;

    private static void ConnectToGroup(Socket socket, StreamOptions options, InterfaceBinding? way)
    {
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, options.Ttl);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, options.Loopback);
        if (way is not null)
            SetMulticastInterface(socket, way);
        socket.Connect(new IPEndPoint(options.Address, options.Port));
    }

    private static void ConnectToHost(Socket socket, StreamOptions options, InterfaceBinding? way)
    {
        if (way is { Index: > 0 } && OperatingSystem.IsLinux())
            RawOptions.UnicastInterface(socket, way.Index);
        else if (way is not null)
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
