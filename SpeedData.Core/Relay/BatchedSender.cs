using SpeedData.Core.Native;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>Hands messages to the kernel, in order.</summary>
/// <returns>
/// The number of messages sent, at least 1, or the negative errno of the first. The next call returns the error of a later one.
/// </returns>
internal unsafe delegate int SendMessages(BatchedMessage* messages, int count);

/// <summary>
/// Sends on Linux: many messages per call (sendmmsg) and many datagrams per message (UDP_SEGMENT, linux/udp.h). Neighbours of one size
/// that arrived separately leave as one message too.
/// </summary>
/// <remarks>
/// A system call with delivery costs about 5 µs, so fewer calls save most: joining halves the CPU time for datagrams that arrive one
/// by one.
/// </remarks>
public sealed unsafe class BatchedSender : IDatagramSender
{
    private readonly StreamSocket _socket;
    private readonly MessageBatch _batch = new(maxMessages: 256, maxVectors: 2048);
    private readonly MessageBatch _singles = new(MessageBatch.MaxSegments, MessageBatch.MaxSegments);
    private readonly Func<string?> _whySingly;
    private readonly SendMessages _send;
    private bool _mayJoin;
    private int _largestSegment = MessageBatch.MaxBytes;
    private SendTally _tally;
    private volatile string? _notice;

    /// <param name="socket">The socket to write. This sender owns it from now on.</param>
    /// <param name="whySingly">Returns why datagrams must not be joined now; null if they may. See <see cref="QueueWatch.WhyNot"/>.</param>
    public BatchedSender(StreamSocket socket, Func<string?> whySingly)
        : this(socket, whySingly, ToKernel(socket))
    {
    }

    /// <summary>Makes a sender that waits while the socket or the device has no room, instead of counting a loss.</summary>
    /// <param name="socket">The socket to write. This sender owns it from now on.</param>
    /// <param name="whySingly">Returns why datagrams must not be joined now; null if they may.</param>
    /// <param name="stop">Ends a wait. Datagrams that still wait are counted as not sent.</param>
    public static BatchedSender Patient(StreamSocket socket, Func<string?> whySingly, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new BatchedSender(socket, whySingly, PatientSend.To((int)socket.Socket.Handle, stop));
    }

    internal BatchedSender(StreamSocket socket, Func<string?> whySingly, SendMessages send)
    {
        _socket = socket;
        _whySingly = whySingly;
        _send = send;
    }

    public int GrantedBufferBytes => _socket.GrantedBufferBytes;

    public InterfaceBinding? Interface => _socket.Way;

    public string? Notice => _notice ?? _whySingly();

    public Unreachable? Unreachable => _socket.Host?.Unreachable;

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
        return _socket.Judge(tally);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _batch.Dispose();
        _singles.Dispose();
    }

    private static SendMessages ToKernel(StreamSocket socket)
    {
        int fd = (int)socket.Socket.Handle;
        return (messages, count) => MessageCalls.Send(fd, messages, count, MessageCalls.DontWait);
    }

    private void Begin(byte* datagram, int size)
    {
        if (_batch.IsFull)
            Send(_batch);
        if (_batch.Count == 0)
            _mayJoin = _whySingly() is null;
        _batch.Begin(datagram, size, mayGrow: _mayJoin && size <= _largestSegment);
    }

    private void Send(MessageBatch batch)
    {
        int at = 0, refused = -1;
        while (at < batch.Count)
        {
            int sent = _send(batch[at], batch.Count - at);
            at = sent > 0 ? CountSent(batch, at, at + sent) : AfterError(batch, at, -sent, ref refused);
        }

        batch.Clear();
    }

    /// <returns>The index of the message to continue with.</returns>
    private int AfterError(MessageBatch batch, int at, int errno, ref int refused)
    {
        switch (errno)
        {
            case Errno.Interrupted:
                return at;
            // The error concerns an earlier datagram that did not arrive. This message was not tried.
            case var told when Reachability.Concerns(told) && refused != at:
                _socket.Host?.Note(told);
                return refused = at;
            // The socket's buffer is full. The rest would fail too, so it is counted without a try.
            case Errno.Again:
                return CountErrors(batch, at, batch.Count);
            case Errno.MessageTooLarge or Errno.InvalidArgument or Errno.InputOutput when batch.Datagrams(at) > 1:
                SendSingly(batch, at, errno);
                return at + 1;
            // ENOBUFS (the device's queue dropped it), EMSGSIZE, EPERM (a firewall), no route: count all datagrams of the message.
            default:
                return CountErrors(batch, at, at + 1);
        }
    }

    /// <summary>
    /// Sends the datagrams of a message one by one, after segmentation failed. It can fail for a single message: EMSGSIZE or EINVAL if a
    /// segment with its headers exceeds the interface's MTU (a single datagram is sent in fragments), EIO if the device cannot checksum
    /// and the kernel is older than about 6.9. If single datagrams fail too, the cause is another, for example a lost sender address.
    /// </summary>
    private void SendSingly(MessageBatch batch, int at, int errno)
    {
        int size = batch.SegmentSize(at);
        long sentBefore = _tally.Sent;
        batch.Split(at, _singles);
        Send(_singles);
        if (_tally.Sent == sentBefore)
            return;
        _largestSegment = errno == Errno.InputOutput ? 0 : Math.Min(_largestSegment, size - 1);
        _notice ??= errno == Errno.InputOutput
            ? "the network device cannot segment (UDP_SEGMENT, EIO): datagrams are sent one by one"
            : $"datagrams of {size} bytes exceed the MTU of the interface: they are sent one by one, in fragments";
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
