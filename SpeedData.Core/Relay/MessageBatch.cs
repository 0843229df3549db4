using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Core.Relay;

/// <summary>
/// Messages for one sendmmsg. The datagrams of a message have one size, only the last may be shorter (UDP_SEGMENT). Their bytes stay
/// where they were received.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    /// <summary>UDP_MAX_SEGMENTS before Linux 6.9, and the longest UDP payload over IPv4.</summary>
    public const int MaxSegments = 64, MaxBytes = 65_507;

    private const int ControlBytes = 24; // CMSG_SPACE(sizeof(uint16_t))

    private readonly int _maxMessages;
    private readonly int _maxVectors;
    private readonly BatchedMessage* _messages;
    private readonly IoVector* _vectors;
    private readonly byte* _control;
    private readonly int[] _segmentSizes;
    private readonly int[] _datagrams;
    private int _vectorsUsed;
    private int _bytes;
    private bool _open;

    public MessageBatch(int maxMessages, int maxVectors)
    {
        (_maxMessages, _maxVectors) = (maxMessages, maxVectors);
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed((nuint)maxMessages, (nuint)sizeof(BatchedMessage));
        // Not zeroed, so that unused pages take no memory.
        _vectors = (IoVector*)NativeMemory.Alloc((nuint)maxVectors, (nuint)sizeof(IoVector));
        _control = (byte*)NativeMemory.AllocZeroed((nuint)maxMessages, ControlBytes);
        _segmentSizes = new int[maxMessages];
        _datagrams = new int[maxMessages];
        for (int i = 0; i < maxMessages; i++)
        {
            var header = (ControlHeader*)(_control + (i * ControlBytes));
            header->Length = (nuint)(sizeof(ControlHeader) + sizeof(ushort));
            header->Level = MessageCalls.SolUdp;
            header->Type = MessageCalls.UdpSegment;
        }
    }

    /// <summary>The number of messages in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no further message, or no further piece, fits.</summary>
    public bool IsFull => Count == _maxMessages || _vectorsUsed == _maxVectors;

    public BatchedMessage* this[int index] => _messages + index;

    /// <summary>Returns the number of datagrams in a message.</summary>
    public int Datagrams(int index) => _datagrams[index];

    /// <summary>Returns the size of each datagram of a message except the last.</summary>
    public int SegmentSize(int index) => _segmentSizes[index];

    public void Clear()
    {
        Count = _vectorsUsed = 0;
        _open = false;
    }

    /// <summary>Returns how many bytes of these datagrams may join the last message; 0 for none.</summary>
    public int Joinable(int length, int segmentSize)
    {
        if (!_open || _vectorsUsed == _maxVectors)
            return 0;
        int last = Count - 1, size = _segmentSizes[last];
        if (segmentSize > size || (segmentSize < size && length > segmentSize))
            return 0;
        int room = Math.Min(MaxSegments - _datagrams[last], (MaxBytes - _bytes) / segmentSize);
        return Math.Min(length, room * segmentSize);
    }

    /// <summary>Begins a message with one datagram.</summary>
    public void Begin(byte* datagram, int size, bool mayGrow)
    {
        int index = Count++;
        _segmentSizes[index] = size;
        _datagrams[index] = 0;
        _bytes = 0;
        ref MessageHeader header = ref _messages[index].Header;
        header.Vectors = _vectors + _vectorsUsed;
        header.VectorCount = 0;
        header.Control = null;
        header.ControlLength = 0;
        Append(datagram, size);
        _open = mayGrow;
    }

    /// <summary>Appends the bytes that <see cref="Joinable"/> allowed.</summary>
    public void Append(byte* payload, int length)
    {
        int index = Count - 1, size = _segmentSizes[index];
        ref MessageHeader header = ref _messages[index].Header;
        IoVector* piece = _vectors + _vectorsUsed - 1;
        if (header.VectorCount > 0 && piece->Base + piece->Length == payload)
        {
            piece->Length += (nuint)length;
        }
        else
        {
            _vectors[_vectorsUsed++] = new IoVector { Base = payload, Length = (nuint)length };
            header.VectorCount++;
        }

        _bytes += length;
        _datagrams[index] += (length + size - 1) / size;
        if (length % size != 0)
            _open = false;
        if (_datagrams[index] > 1 && header.Control == null)
            SetSegmentSize(index, size);
    }

    /// <summary>Adds each datagram of a message to another batch as a message of its own.</summary>
    public void Split(int index, MessageBatch singles)
    {
        ref MessageHeader header = ref _messages[index].Header;
        for (nuint v = 0; v < header.VectorCount; v++)
        {
            int length = (int)header.Vectors[v].Length;
            for (int at = 0; at < length; at += _segmentSizes[index])
                singles.Begin(header.Vectors[v].Base + at, Math.Min(_segmentSizes[index], length - at), mayGrow: false);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_control);
    }

    private void SetSegmentSize(int index, int size)
    {
        byte* control = _control + (index * ControlBytes);
        *(ushort*)(control + sizeof(ControlHeader)) = (ushort)size;
        _messages[index].Header.Control = control;
        _messages[index].Header.ControlLength = ControlBytes;
    }
}
