using System.Runtime.InteropServices;
using SpeedData.Core.Native;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>
/// Linux: many messages a call (sendmmsg) and many datagrams a message (UDP_SEGMENT, linux/udp.h). Neighbours of one size
/// that came in singly leave as one message too.
/// </summary>
/// <remarks>
/// A system call with delivery costs about 5 µs, so fewer of them is the lever: joining halves the CPU on traffic that
/// comes in one by one.
/// </remarks>
public sealed unsafe class BatchedSender : IDatagramSender
{
    private readonly StreamSocket _socket;
    private readonly int _fd;
    private readonly MessageBatch _batch = new(maxMessages: 256, maxVectors: 2048);
    private readonly MessageBatch _singles = new(MessageBatch.MaxSegments, MessageBatch.MaxSegments);
    private int _largestSegment;
    private SendTally _tally;
    private volatile string? _notice;

    /// <param name="socket">The socket to write; this sender owns it from now on.</param>
    /// <param name="segment">
    /// Whether datagrams are joined. A traffic shaper (tbf, netem) takes such a message apart, and says that it took it
    /// though it dropped some of its datagrams: measured, 141 of 20,000 over tbf were in no count.
    /// </param>
    public BatchedSender(StreamSocket socket, bool segment)
    {
        _socket = socket;
        _largestSegment = segment ? MessageBatch.MaxBytes : 0;
        _fd = (int)socket.Socket.Handle;
    }

    public int GrantedBufferBytes => _socket.GrantedBufferBytes;

    public InterfaceBinding? Interface => _socket.Way;

    public string? Notice => _notice;

    public void Add(byte* payload, int length, int segmentSize)
    {
        while (length > 0)
        {
            int size = Math.Min(segmentSize, length);
            int taken = _batch.Joinable(length, size);
            if (taken > 0)
                _batch.Append(payload, taken);
            else
                Begin(payload, taken = size);
            payload += taken;
            length -= taken;
        }
    }

    public SendTally Flush()
    {
        Send(_batch);
        SendTally tally = _tally;
        _tally = default;
        return tally;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _batch.Dispose();
        _singles.Dispose();
    }

    private void Begin(byte* datagram, int size)
    {
        if (_batch.IsFull)
            Send(_batch);
        _batch.Begin(datagram, size, mayGrow: size <= _largestSegment);
    }

    private void Send(MessageBatch batch)
    {
        int at = 0, refused = -1;
        while (at < batch.Count)
        {
            int sent = MessageCalls.Send(_fd, batch[at], (uint)(batch.Count - at), MessageCalls.DontWait);
            if (sent > 0)
                at = CountSent(batch, at, at + sent);
            else
                at = AfterError(batch, at, Marshal.GetLastPInvokeError(), ref refused);
        }

        batch.Clear();
    }

    /// <returns>The message to go on with.</returns>
    private int AfterError(MessageBatch batch, int at, int errno, ref int refused)
    {
        switch (errno)
        {
            case Errno.Interrupted:
                return at;
            // Tells of an earlier datagram that found no listener; this one was not tried.
            case Errno.ConnectionRefused when refused != at:
                return refused = at;
            // The socket's buffer is full. The rest would fare no better: counted, not tried one by one.
            case Errno.Again:
                return CountErrors(batch, at, batch.Count);
            case Errno.MessageTooLarge or Errno.InvalidArgument or Errno.InputOutput when batch.Datagrams(at) > 1:
                SendSingly(batch, at, errno);
                return at + 1;
            // ENOBUFS (the device's queue dropped it), EMSGSIZE, ENETUNREACH, EPERM (a firewall): all of its datagrams.
            default:
                return CountErrors(batch, at, at + 1);
        }
    }

    /// <summary>
    /// Segmentation can fail send by send: EMSGSIZE or EINVAL when a segment with its headers exceeds the interface's MTU
    /// (singly it goes out in fragments), EIO where the device cannot checksum and the kernel is older than 6.9 or so.
    /// </summary>
    private void SendSingly(MessageBatch batch, int at, int errno)
    {
        int size = batch.SegmentSize(at);
        _largestSegment = errno == Errno.InputOutput ? 0 : Math.Min(_largestSegment, size - 1);
        _notice ??= errno == Errno.InputOutput
            ? "the device on the way out cannot segment (UDP_SEGMENT, EIO): datagrams go out one by one"
            : $"datagrams of {size} bytes exceed the MTU of the way out: they go out one by one, in fragments";
        batch.Split(at, _singles);
        Send(_singles);
    }

    private int CountSent(MessageBatch batch, int from, int to)
    {
        long datagrams = 0;
        for (int i = from; i < to; i++)
            datagrams += batch.Datagrams(i);
        _tally += new SendTally(datagrams, 0);
        return to;
    }

    private int CountErrors(MessageBatch batch, int from, int to)
    {
        long datagrams = 0;
        for (int i = from; i < to; i++)
            datagrams += batch.Datagrams(i);
        _tally += new SendTally(0, datagrams);
        return to;
    }
}
