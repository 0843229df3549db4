using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using SpeedData.Core.Native;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Receive;

/// <summary>
/// Receives on Linux: many bursts per call (recvmmsg) and many datagrams per burst (UDP_GRO, linux/udp.h). Each burst has the
/// kernel's time of arrival (SO_TIMESTAMPNS).
/// </summary>
/// <remarks>
/// A blocking recvmmsg waits: one call per batch. A poll(2) before it would double the calls. shutdown(SHUT_RD) ends the wait.
/// For an unconnected UDP socket it returns ENOTCONN, but it still wakes the readers: with an empty queue they return an empty
/// read without a sender (inet_shutdown, __skb_wait_for_more_packets).
/// </remarks>
public sealed unsafe class BatchedReceiver : IDatagramReceiver
{
    // 32 slots: at 40,000 single datagrams a second a batch holds fewer. Pages of unused slots are never touched.
    internal const int Slots = 32;
    internal const int SlotBytes = 64 << 10;
    // UDP_GRO 24, SO_TIMESTAMPNS 32, SO_RXQ_OVFL 24 bytes, each including header and padding.
    private const int ControlBytes = 80;

    private readonly ReceiveSocket _socket;
    private readonly int _fd;
    private readonly byte* _memory;
    private readonly BatchedMessage* _messages;
    private readonly SocketAddressV4* _sources;
    private readonly byte* _control;
    private readonly IoVector* _vectors;
    private readonly Burst[] _bursts = new Burst[Slots];
    private readonly WakeModeration _moderation;
    private int _used = Slots;
    private TimeSpan _rest;

    /// <param name="socket">The socket to read. This receiver owns it from now on.</param>
    /// <param name="demand">Shared by the receivers of the process.</param>
    public BatchedReceiver(ReceiveSocket socket, WakeDemand demand)
    {
        _socket = socket;
        _moderation = new WakeModeration(demand);
        RawOptions.ReceiveCoalesced(socket.Socket);
        RawOptions.ReceiveTimes(socket.Socket);
        RawOptions.ReceiveDrops(socket.Socket);
        _fd = (int)socket.Socket.Handle;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(Slots * SlotBytes), 4096);
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(BatchedMessage));
        _sources = (SocketAddressV4*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(SocketAddressV4));
        _control = (byte*)NativeMemory.AllocZeroed(Slots, ControlBytes);
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(IoVector));
        for (int i = 0; i < Slots; i++)
        {
            _vectors[i] = new IoVector { Base = _memory + ((long)i * SlotBytes), Length = SlotBytes };
            _messages[i].Header.Name = _sources + i;
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
            _messages[i].Header.Control = _control + (i * ControlBytes);
        }
    }

    public ReceiveSocket ReceiveSocket => _socket;

    public int GrantedBufferBytes => _socket.GrantedBufferBytes;

    public InterfaceBinding? Interface => _socket.JoinedOn;

    public void Rejoin() => _socket.Rejoin();

    public ReadOnlySpan<Burst> Receive(TimeSpan timeout)
    {
        bool isEndless = timeout == Timeout.InfiniteTimeSpan;
        TimeSpan rest = isEndless || _rest < timeout ? _rest : timeout;
        if (rest > TimeSpan.Zero)
            Sleep.For(rest);
        // recvmmsg checks its own timeout only between datagrams (recvmmsg(2), BUGS).
        ReadOnlySpan<Burst> batch = isEndless ? Receive(MessageCalls.WaitForOne) : Poll.ForReading(_fd, timeout - rest) ? ReceiveQueued() : [];
        _rest = _moderation.After(batch, Stopwatch.GetTimestamp());
        return batch;
    }

    public ReadOnlySpan<Burst> ReceiveQueued() => Receive(MessageCalls.DontWait);

    public void EndWaiting() => _ = MessageCalls.Shutdown(_fd, MessageCalls.ShutReceive);

    public void StopAccepting() => _socket.StopAccepting();

    public long KernelDrops() => _socket.KernelDrops();

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_sources);
        NativeMemory.Free(_control);
        NativeMemory.Free(_vectors);
    }

    private ReadOnlySpan<Burst> Receive(int flags)
    {
        Rearm();
        int received = MessageCalls.Receive(_fd, _messages, Slots, flags);
        if (received < 0)
            return NothingOrThrow(-received);
        _used = received;
        int bursts = 0;
        for (int i = 0; i < received; i++)
        {
            // An empty read without a sender is not a datagram: the socket was shut down.
            if (_messages[i].Header.NameLength != 0)
                _bursts[bursts++] = Read(i);
        }

        return _bursts.AsSpan(0, bursts);
    }

    /// <summary>Restores the buffer lengths, which the kernel overwrote with the lengths it used.</summary>
    private void Rearm()
    {
        for (int i = 0; i < _used; i++)
        {
            _messages[i].Header.NameLength = (uint)sizeof(SocketAddressV4);
            _messages[i].Header.ControlLength = ControlBytes;
        }

        _used = 0;
    }

    private Burst Read(int i)
    {
        ref MessageHeader header = ref _messages[i].Header;
        int length = (int)_messages[i].Length, segment = length;
        long time = 0;
        uint drops = 0;
        byte* control = (byte*)header.Control, end = control + header.ControlLength;
        while (control + sizeof(ControlHeader) <= end)
        {
            var part = (ControlHeader*)control;
            byte* data = control + sizeof(ControlHeader);
            if (part->Level == MessageCalls.SolUdp && part->Type == MessageCalls.UdpGro)
                segment = *(int*)data;
            else if (part->Level == MessageCalls.SolSocket && part->Type == MessageCalls.SoTimestampNs)
                time = (((long*)data)[0] * 1_000_000_000) + ((long*)data)[1];
            else if (part->Level == MessageCalls.SolSocket && part->Type == MessageCalls.SoRxqOvfl)
                drops = *(uint*)data;
            control += (part->Length + 7) & ~(nuint)7;
        }

        return new Burst(_vectors[i].Base, length, segment, time, BinaryPrimitives.ReverseEndianness(_sources[i].Address), BinaryPrimitives.ReverseEndianness(_sources[i].Port), drops);
    }

    /// <summary>EAGAIN: the queue is empty. EINTR: a signal of the runtime; the caller checks whether to stop and calls again.</summary>
    private static ReadOnlySpan<Burst> NothingOrThrow(int errno) =>
        errno is Errno.Again or Errno.Interrupted ? [] : throw new SocketException(errno);
}
