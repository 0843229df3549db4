using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Ring;

/// <summary>
/// Single producer, single consumer, no locks, no allocation. Payload lies contiguous in one native buffer, descriptors
/// lie aside, so that any run of bursts is one or two spans of memory: a block of the archive is written from where it
/// lies. A burst may wrap around the end of the buffer.
/// </summary>
/// <remarks>
/// The scheme is that of L. Lamport, "Specifying concurrent program modules" (1983), with each side keeping a copy of
/// the other's cursor so that the shared line is read only when the copy says full or empty (as in M. Thompson's
/// Disruptor). The producer writes with <see cref="TryWrite"/> and makes all of it visible with <see cref="Publish"/>;
/// the consumer looks at descriptors in order and gives memory back with <see cref="Release"/>.
/// </remarks>
public sealed unsafe class BurstRing : IDisposable
{
    /// <summary>Smallest and largest capacity, in bytes.</summary>
    public const int MinCapacity = 64 << 10, MaxCapacity = 1 << 30;

    // One descriptor for 128 payload bytes: smaller datagrams that come in singly fill the descriptors first.
    private const int BytesPerDescriptor = 128;

    private readonly byte* _payload;
    private readonly BurstDescriptor* _descriptors;
    private readonly int _mask;
    private readonly int _descriptorMask;
    private readonly Bell _bell = new();
    private ProducerSide _producer;
    private ConsumerSide _consumer;
    private int _disposed;

    /// <param name="capacity">Payload bytes, a power of two from <see cref="MinCapacity"/> to <see cref="MaxCapacity"/>.</param>
    public BurstRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, MinCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        if ((capacity & (capacity - 1)) != 0)
            throw new ArgumentException("The capacity of a ring is a power of two.", nameof(capacity));
        _mask = capacity - 1;
        _descriptorMask = (capacity / BytesPerDescriptor) - 1;
        _payload = (byte*)NativeMemory.Alloc((nuint)capacity);
        _descriptors = (BurstDescriptor*)NativeMemory.Alloc((nuint)(_descriptorMask + 1), (nuint)sizeof(BurstDescriptor));
    }

    /// <summary>Payload bytes the ring holds.</summary>
    public int Capacity => _mask + 1;

    /// <summary>Bursts the ring holds, whatever their size.</summary>
    public int MaxBursts => _descriptorMask + 1;

    /// <summary>Native memory that a ring of this capacity may come to use, descriptors included, in bytes.</summary>
    public static long Footprint(long capacity) => capacity + (capacity / BytesPerDescriptor * sizeof(BurstDescriptor));

    /// <summary>Any thread: payload bytes published and not yet released.</summary>
    public long UsedBytes
    {
        get
        {
            // The consumer's cursor first: read in the other order it could overtake.
            long released = Volatile.Read(ref _consumer.ReleasedPosition);
            long start = Volatile.Read(ref _producer.StartPosition);
            return Math.Max(0, Volatile.Read(ref _producer.PublishedPosition) - Math.Max(released, start));
        }
    }

    /// <summary>Producer: copies a burst into the ring; invisible to the consumer until <see cref="Publish"/>.</summary>
    /// <returns>False, and nothing is written, if the burst does not fit.</returns>
    public bool TryWrite(ReadOnlySpan<byte> payload, int segmentSize, int count, long receiveTimeNs, uint source, ushort sourcePort)
    {
        ref ProducerSide p = ref _producer;
        if (p.NextPosition + payload.Length - p.TailPosition > Capacity || p.NextIndex - p.TailIndex > _descriptorMask)
        {
            LookAtConsumer();
            if (p.NextPosition + payload.Length - p.TailPosition > Capacity || p.NextIndex - p.TailIndex > _descriptorMask)
                return false;
        }
        else if ((p.NextPosition & _mask) > Capacity / 2)
        {
            StartOverWhenEmpty();
        }

        Copy(payload, p.NextPosition);
        ref BurstDescriptor d = ref _descriptors[p.NextIndex & _descriptorMask];
        d.Position = p.NextPosition;
        d.Length = payload.Length;
        d.SegmentSize = segmentSize;
        d.Count = count;
        d.ReceiveTimeNs = receiveTimeNs;
        d.Source = source;
        d.SourcePort = sourcePort;
        p.NextPosition += payload.Length;
        p.NextIndex++;
        return true;
    }

    /// <summary>Producer: makes everything written visible, and wakes the consumer if that is what it waits for.</summary>
    public void Publish()
    {
        ref ProducerSide p = ref _producer;
        if (p.NextIndex == p.PublishedIndex)
            return;
        // Release: payload and descriptors are visible before the cursors say so. Position before index: the consumer
        // reads the index first and may then rely on the position.
        Volatile.Write(ref p.PublishedPosition, p.NextPosition);
        Volatile.Write(ref p.PublishedIndex, p.NextIndex);
        _bell.Published(p.NextPosition, p.NextIndex);
    }

    /// <summary>Producer, or whoever comes after it: no more will be published. Wakes the consumer.</summary>
    public void Complete() => _bell.Complete();

    /// <summary>Any thread: <see cref="Complete"/> was called. Read it before <see cref="PublishedIndex"/> to know that nothing follows.</summary>
    public bool IsCompleted => _bell.IsCompleted;

    /// <summary>Consumer: index of the oldest burst not yet released.</summary>
    public long ReleasedIndex => _consumer.ReleasedIndex;

    /// <summary>Consumer: index behind the newest burst that may be read. Acquire: all before it is visible.</summary>
    public long PublishedIndex => Volatile.Read(ref _producer.PublishedIndex);

    /// <summary>Consumer: a burst from <see cref="ReleasedIndex"/> to below <see cref="PublishedIndex"/>.</summary>
    public ref readonly BurstDescriptor this[long index] => ref _descriptors[index & _descriptorMask];

    /// <summary>Consumer: the payload from one position to another, in one or two pieces; the second is empty where the first does not wrap.</summary>
    public void Payload(long from, long to, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        int length = checked((int)(to - from));
        int start = (int)(from & _mask);
        int untilEnd = Math.Min(length, Capacity - start);
        first = new ReadOnlySpan<byte>(_payload + start, untilEnd);
        second = new ReadOnlySpan<byte>(_payload, length - untilEnd);
    }

    /// <summary>Consumer: gives the memory of all bursts below <paramref name="index"/> back to the producer.</summary>
    public void Release(long index)
    {
        ref ConsumerSide c = ref _consumer;
        if (index == c.ReleasedIndex)
            return;
        long position = this[index - 1].End;
        // Release: the consumer's reads are done before the producer may overwrite. Position before index, as in Publish.
        Volatile.Write(ref c.ReleasedPosition, position);
        Volatile.Write(ref c.ReleasedIndex, index);
    }

    /// <summary>
    /// Consumer: waits until at least <paramref name="bytes"/> lie unreleased, or the descriptors are half used, or the
    /// ring is completed, or the time is over.
    /// </summary>
    /// <param name="bytes">1 waits for anything at all.</param>
    /// <param name="timeout">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    public void Wait(long bytes, TimeSpan timeout)
    {
        // A start over skips bytes while all is released, so the goal is counted from where the next block begins.
        long start = Math.Max(_consumer.ReleasedPosition, Volatile.Read(ref _producer.StartPosition));
        long index = _consumer.ReleasedIndex + ((_descriptorMask + 1) / 2);
        _bell.Wait(start + bytes, index, ref _producer.PublishedPosition, ref _producer.PublishedIndex, timeout);
    }

    /// <summary>To be called once neither side runs any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        NativeMemory.Free(_payload);
        NativeMemory.Free(_descriptors);
        _bell.Dispose();
    }

    private void LookAtConsumer()
    {
        ref ProducerSide p = ref _producer;
        // Acquire: the consumer's reads of this memory came before. Index before position: the position read is then at
        // least as new as the index, and a newer position only means more room that is truly free.
        p.TailIndex = Volatile.Read(ref _consumer.ReleasedIndex);
        p.TailPosition = Math.Max(Volatile.Read(ref _consumer.ReleasedPosition), p.StartPosition);
    }

    /// <summary>An empty ring past its half begins again at offset 0: a quiet channel touches little of its memory.</summary>
    private void StartOverWhenEmpty()
    {
        ref ProducerSide p = ref _producer;
        if (Volatile.Read(ref _consumer.ReleasedIndex) != p.NextIndex)
            return;
        p.NextPosition = (p.NextPosition | (uint)_mask) + 1;
        p.TailIndex = p.NextIndex;
        p.TailPosition = p.NextPosition;
        Volatile.Write(ref p.StartPosition, p.NextPosition);
    }

    private void Copy(ReadOnlySpan<byte> payload, long position)
    {
        int start = (int)(position & _mask);
        int untilEnd = Math.Min(payload.Length, Capacity - start);
        payload[..untilEnd].CopyTo(new Span<byte>(_payload + start, untilEnd));
        payload[untilEnd..].CopyTo(new Span<byte>(_payload, payload.Length - untilEnd));
    }

    /// <summary>Cache lines of the producer. 128 bytes apart: the prefetcher of x64 and the lines of some arm64 cores pair 64-byte lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    internal struct ProducerSide
    {
        // Own: nobody else reads these.
        [FieldOffset(128)] public long NextPosition;
        [FieldOffset(136)] public long NextIndex;
        [FieldOffset(144)] public long TailPosition;
        [FieldOffset(152)] public long TailIndex;

        // Shared: the consumer reads these.
        [FieldOffset(256)] public long PublishedPosition;
        [FieldOffset(264)] public long PublishedIndex;
        [FieldOffset(272)] public long StartPosition;
    }

    /// <summary>Cache lines of the consumer; the producer reads both.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct ConsumerSide
    {
        [FieldOffset(128)] public long ReleasedPosition;
        [FieldOffset(136)] public long ReleasedIndex;
    }
}
