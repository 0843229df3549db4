using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Receive;

/// <summary>
/// The portable receiver: System.Net.Sockets, one datagram per call, each a burst of its own. A batch keeps its datagrams one after
/// the other in one native buffer.
/// </summary>
public sealed unsafe class SocketsReceiver : IDatagramReceiver
{
    private const int BatchDatagrams = 64;
    private const int MaxDatagram = 65535;
    private const int BufferBytes = 4 * (MaxDatagram + 1);

    private readonly ReceiveSocket _socket;
    private readonly Socket _wake;
    private readonly List<Socket> _readable = new(2);
    private readonly SocketAddress _source = new(AddressFamily.InterNetwork);
    private readonly Burst[] _bursts = new Burst[BatchDatagrams];
    private readonly byte* _buffer;

    /// <param name="socket">The socket to read. This receiver owns it from now on.</param>
    public SocketsReceiver(ReceiveSocket socket)
    {
        _socket = socket;
        _wake = SelfConnected();
        _buffer = (byte*)NativeMemory.Alloc(BufferBytes);
    }

    public ReceiveSocket ReceiveSocket => _socket;

    public int GrantedBufferBytes => _socket.GrantedBufferBytes;

    public InterfaceBinding? Interface => _socket.JoinedOn;

    public void Rejoin() => _socket.Rejoin();

    public ReadOnlySpan<Burst> Receive(TimeSpan timeout)
    {
        ReadOnlySpan<Burst> queued = ReceiveQueued();
        if (!queued.IsEmpty)
            return queued;
        _readable.Clear();
        _readable.Add(_socket.Socket);
        _readable.Add(_wake);
        Socket.Select(_readable, null, null, timeout);
        return ReceiveQueued();
    }

    public ReadOnlySpan<Burst> ReceiveQueued()
    {
        int count = 0;
        byte* next = _buffer;
        while (count < BatchDatagrams && _buffer + BufferBytes - next >= MaxDatagram && _socket.Socket.Poll(0, SelectMode.SelectRead))
        {
            int length = _socket.Socket.ReceiveFrom(new Span<byte>(next, MaxDatagram), SocketFlags.None, _source);
            _bursts[count++] = new Burst(next, length, length, UnixNanoseconds(), SourceAddress(), SourcePort());
            next += length;
        }

        return _bursts.AsSpan(0, count);
    }

    public void EndWaiting() => _wake.Send([1], SocketFlags.None, out _);

    public void StopAccepting() => _socket.StopAccepting();

    public long KernelDrops() => _socket.KernelDrops();

    public void Dispose()
    {
        _socket.Dispose();
        _wake.Dispose();
        NativeMemory.Free(_buffer);
    }

    /// <summary>Makes a socket that receives only from itself: the portable way to end a wait for another socket.</summary>
    private static Socket SelfConnected()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(socket.LocalEndPoint!);
        return socket;
    }

    /// <summary>Returns the time after the call, to 100 ns, because System.Net.Sockets reports no kernel time stamp.</summary>
    private static long UnixNanoseconds() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    // struct sockaddr_in: family (2 bytes), port and address in network byte order.
    private ushort SourcePort() => BinaryPrimitives.ReadUInt16BigEndian(_source.Buffer.Span[2..]);

    private uint SourceAddress() => BinaryPrimitives.ReadUInt32BigEndian(_source.Buffer.Span[4..]);
}
