using System.Numerics;
using System.Runtime.InteropServices;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Ring;

/// <summary>
/// A ring for a single producer and a single consumer, without locks and allocation. Descriptors are in a ring, payload is in chunks
/// of one native buffer. Any run of bursts up to the size of a chunk is one or two spans of memory, so a block of the archive is
/// written directly from the ring. A burst that crosses the end of a chunk is split into two, between datagrams.
/// </summary>
/// <remarks>
/// The scheme is that of L. Lamport, "Specifying concurrent program modules" (1983). The producer keeps a copy of the consumer's
/// cursor and reads the shared line only if the copy says full (as in M. Thompson's Disruptor). It writes with <see cref="TryWrite"/>
/// and makes everything visible with <see cref="Publish"/>. The consumer reads descriptors in order and returns memory with
/// <see cref="Release"/>. Only the producer knows which chunks are free (<see cref="ChunkPool"/>): it derives that from the
/// consumer's one cursor.
/// </remarks>
public sealed unsafe class BurstRing : IDisposable
{
    /// <summary>The smallest and the largest capacity in bytes.</summary>
    public const int MinCapacity = 128 << 10, MaxCapacity = 1 << 30;

    /// <summary>The largest burst in bytes, more than UDP over IPv4 can carry.</summary>
    public const int MaxBurst = ushort.MaxValue;

    // A chunk must hold any burst, and there must be at least two.
    private const int MinChunk = 64 << 10;

    // One descriptor for 128 payload bytes. Smaller datagrams that arrive one by one fill the descriptors first.
    private const int BytesPerDescriptor = 128;

    // With this number, bursts and sources together take less memory than bursts that each hold an address.
    private const int DescriptorsPerSource = 8;

    private readonly byte* _payload;
    private readonly BurstDescriptor* _descriptors;
    private readonly ChunkPool _chunks;
    private readonly int _chunkBytes;
    private readonly int _descriptorMask;
    private readonly Bell _bell = new();
    private ProducerSide _producer;
    private ConsumerSide _consumer;
    private int _disposed;

    /// <param name="capacity">
    /// The number of payload bytes, a power of two from <see cref="MinCapacity"/> to <see cref="MaxCapacity"/>.
    /// </param>
    /// <param name="blockBytes">Runs up to this size, at most half the capacity, are one or two spans of memory.</param>
    public BurstRing(int capacity, int blockBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, MinCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        if (!BitOperations.IsPow2(capacity))
            throw new ArgumentException("The capacity of a ring is a power of two.", nameof(capacity));
        Capacity = capacity;
        _chunkBytes = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)blockBytes), MinChunk, (uint)capacity / 2);
        _chunks = new ChunkPool(capacity / _chunkBytes);
        _descriptorMask = (capacity / BytesPerDescriptor) - 1;
        Sources = new SourceTable(PlacesOf(capacity));
        _payload = (byte*)NativeMemory.Alloc((nuint)capacity);
        _descriptors = (BurstDescriptor*)NativeMemory.AlignedAlloc((nuint)(_descriptorMask + 1) * (nuint)sizeof(BurstDescriptor), 64);
    }

    /// <summary>
    /// The number of payload bytes that the ring holds. A chunk may hold up to a datagram less, because its end never cuts one.
    /// </summary>
    public int Capacity { get; }

    /// <summary>The size of the longest run that is at most two spans of memory, in payload bytes.</summary>
    public int MaxRun => _chunkBytes;

    /// <summary>The number of bursts that the ring holds, whatever their size.</summary>
    public int MaxBursts => _descriptorMask + 1;

    /// <summary>Consumer: the addresses for the source ids of bursts that are published and not released.</summary>
    public SourceTable Sources { get; }

    /// <summary>Returns the memory that a ring of this capacity may use, including descriptors and sources, in bytes.</summary>
    public static long Footprint(long capacity) =>
        capacity + (capacity / BytesPerDescriptor * sizeof(BurstDescriptor)) + SourceTable.Footprint(PlacesOf(capacity));

    /// <summary>Any thread: the number of payload bytes published and not yet released.</summary>
    public long UsedBytes
    {
        get
        {
            // The consumer's cursor must be read first. In the other order it could overtake the producer's.
            long released = Volatile.Read(ref _consumer.ReleasedPosition);
            return Volatile.Read(ref _producer.PublishedPosition) - released;
        }
    }

    /// <summary>Producer: copies a burst into the ring. The consumer sees it after <see cref="Publish"/>.</summary>
    /// <returns>False if the burst does not fit. Nothing is written then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> payload, int segmentSize, int count, long receiveTimeNs, in SourceAddress source, uint lostBefore)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxBurst);
        ref ProducerSide p = ref _producer;
        if (p.ChunkUsed > _chunkBytes / 2)
            StartOverWhenEmpty();
        var whole = new BurstDescriptor
        {
            ReceiveTimeNs = receiveTimeNs,
            SegmentSize = (ushort)segmentSize,
            Count = (ushort)count,
            LostBefore = lostBefore,
        };
        if (payload.Length > _chunkBytes - p.ChunkUsed)
            return TryWriteAcross(payload, in whole, in source);
        if (!HasDescriptors(1))
            return false;
        Append(payload, in whole, in source);
        return true;
    }

    /// <summary>Producer: makes everything written visible, and wakes the consumer if its goal is reached.</summary>
    public void Publish()
    {
        ref ProducerSide p = ref _producer;
        if (p.NextIndex == p.PublishedIndex)
            return;
        // Release: payload and descriptors are visible before the cursors. The position comes before the index, because the consumer
        // reads the index first and may then rely on the position.
        Volatile.Write(ref p.PublishedPosition, p.NextPosition);
        Volatile.Write(ref p.PublishedIndex, p.NextIndex);
        _bell.Published(p.NextPosition, p.NextIndex);
    }

    /// <summary>Producer, or the thread that takes its place: ends publishing, and wakes the consumer.</summary>
    public void Complete() => _bell.Complete();

    /// <summary>
    /// Any thread: whether <see cref="Complete"/> was called. Read it before <see cref="PublishedIndex"/> to know that nothing
    /// follows.
    /// </summary>
    public bool IsCompleted => _bell.IsCompleted;

    /// <summary>Consumer: the index of the oldest burst that is not released.</summary>
    public long ReleasedIndex => _consumer.ReleasedIndex;

    /// <summary>Consumer: the index after the newest burst that may be read. Acquire: all bursts before it are visible.</summary>
    public long PublishedIndex => Volatile.Read(ref _producer.PublishedIndex);

    /// <summary>Consumer: returns a burst from <see cref="ReleasedIndex"/> to below <see cref="PublishedIndex"/>.</summary>
    public ref readonly BurstDescriptor this[long index] => ref _descriptors[index & _descriptorMask];

    /// <summary>Consumer: returns contiguous payload, from the offset of one burst to the end of the same or a later one.</summary>
    public ReadOnlySpan<byte> Payload(int offset, int length) => new(_payload + offset, length);

    /// <summary>Consumer: returns the memory of all bursts below <paramref name="index"/> to the producer.</summary>
    public void Release(long index)
    {
        ref ConsumerSide c = ref _consumer;
        if (index == c.ReleasedIndex)
            return;
        long position = this[index - 1].End;
        Volatile.Write(ref c.ReleasedPosition, position);
        // Release: the consumer's reads are complete before the producer may overwrite the memory.
        Volatile.Write(ref c.ReleasedIndex, index);
    }

    /// <summary>
    /// Consumer: waits until at least <paramref name="bytes"/> are unreleased, the descriptors are half used, the ring is completed, or
    /// the timeout ends.
    /// </summary>
    /// <param name="bytes">The number of bytes; 1 waits for anything at all.</param>
    /// <param name="timeout">The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    public void Wait(long bytes, TimeSpan timeout)
    {
        long index = _consumer.ReleasedIndex + ((_descriptorMask + 1) / 2);
        _bell.Wait(_consumer.ReleasedPosition + bytes, index, ref _producer.PublishedPosition, ref _producer.PublishedIndex, timeout);
    }

    /// <summary>Frees the memory. Neither side may run any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        NativeMemory.Free(_payload);
        NativeMemory.AlignedFree(_descriptors);
        _bell.Dispose();
        Sources.Dispose();
    }

    /// <summary>
    /// Restarts a chunk if the ring is empty and more than half of the chunk is used, so that a quiet channel touches little memory.
    /// </summary>
    private void StartOverWhenEmpty()
    {
        // Acquire: the consumer's earlier reads of this memory are complete.
        if (Volatile.Read(ref _consumer.ReleasedIndex) == _producer.NextIndex)
            _producer.ChunkUsed = 0;
    }

    /// <summary>Fills the chunk with whole datagrams and continues in the next chunk.</summary>
    private bool TryWriteAcross(ReadOnlySpan<byte> payload, in BurstDescriptor whole, in SourceAddress source)
    {
        ref ProducerSide p = ref _producer;
        if (!HasDescriptors(2))
            return false;
        int datagrams = (_chunkBytes - p.ChunkUsed) / whole.SegmentSize, bytes = datagrams * whole.SegmentSize;
        long end = p.NextIndex + (datagrams > 0 ? 1 : 0);
        int chunk = p.Chunk;
        // Acquire: as in StartOverWhenEmpty.
        if (!_chunks.TryExchange(ref chunk, end, Volatile.Read(ref _consumer.ReleasedIndex)))
            return false;
        if (datagrams > 0)
            Append(payload[..bytes], whole with { Count = (ushort)datagrams }, in source);
        p.Chunk = chunk;
        p.ChunkUsed = 0;
        Append(payload[bytes..], whole with { Count = (ushort)(whole.Count - datagrams), LostBefore = datagrams > 0 ? 0 : whole.LostBefore }, in source);
        return true;
    }

    private void Append(ReadOnlySpan<byte> payload, in BurstDescriptor known, in SourceAddress source)
    {
        ref ProducerSide p = ref _producer;
        int offset = (p.Chunk * _chunkBytes) + p.ChunkUsed;
        payload.CopyTo(new Span<byte>(_payload + offset, payload.Length));
        ref BurstDescriptor d = ref _descriptors[p.NextIndex & _descriptorMask];
        d = known;
        d.Source = Sources.IdOf(in source, p.NextIndex, in _consumer.ReleasedIndex);
        d.Position = p.NextPosition;
        d.Offset = offset;
        d.Length = (ushort)payload.Length;
        p.ChunkUsed += payload.Length;
        p.NextPosition += payload.Length;
        p.NextIndex++;
    }

    private static int PlacesOf(long capacity) => (int)Math.Min(capacity / BytesPerDescriptor / DescriptorsPerSource, SourceTable.MostPlaces);

    private bool HasDescriptors(int count)
    {
        ref ProducerSide p = ref _producer;
        if (p.NextIndex + count - p.TailIndex <= MaxBursts)
            return true;
        // Acquire: the consumer's earlier reads of these descriptors are complete.
        p.TailIndex = Volatile.Read(ref _consumer.ReleasedIndex);
        return p.NextIndex + count - p.TailIndex <= MaxBursts;
    }

    /// <summary>
    /// Cache lines of the producer, 128 bytes apart: the prefetcher of x64 and the lines of some arm64 cores pair 64-byte lines.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    internal struct ProducerSide
    {
        // Private: only the producer reads these.
        [FieldOffset(128)] public long NextPosition;
        [FieldOffset(136)] public long NextIndex;
        [FieldOffset(144)] public long TailIndex;
        [FieldOffset(152)] public int Chunk;
        [FieldOffset(156)] public int ChunkUsed;

        // Shared: the consumer reads these.
        [FieldOffset(256)] public long PublishedPosition;
        [FieldOffset(264)] public long PublishedIndex;
    }

    /// <summary>Cache lines of the consumer. The producer reads its index, other threads its position.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct ConsumerSide
    {
        [FieldOffset(128)] public long ReleasedPosition;
        [FieldOffset(136)] public long ReleasedIndex;
    }
}
