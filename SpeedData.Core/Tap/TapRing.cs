using System.Runtime.InteropServices;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Tap;

/// <summary>Consecutive valid records.</summary>
public struct TapBurst
{
    /// <summary>The Unix time of arrival in ns.</summary>
    public long ReceiveTimeNs;

    /// <summary>The offset of the first record in <see cref="TapRing.Memory"/>.</summary>
    public int Offset;

    /// <summary>The total size of all records in bytes.</summary>
    public int Length;

    /// <summary>The size of each record except the last, in bytes.</summary>
    public int SegmentSize;

    /// <summary>The layout of the records.</summary>
    public RecordLayout Layout;

    public readonly int Count => (Length + SegmentSize - 1) / SegmentSize;
}

/// <summary>
/// Copies of what a channel receives, for watchers. Single producer, single consumer. It never waits: records that do not fit are
/// counted and dropped. While the consumer keeps up, the same few pages are reused.
/// </summary>
public sealed unsafe class TapRing
{
    /// <summary>Holds 0.2 s of 40,000 datagrams a second of up to 512 bytes.</summary>
    public const int LargeCapacity = 4 << 20;

    /// <summary>For a host with many channels that receive little each.</summary>
    public const int SmallCapacity = 512 << 10;

    private const int BytesPerBurst = 512;

    private readonly byte* _memory;
    private readonly int _capacity;
    private readonly TapBurst[] _bursts;
    private Producer _producer;
    private Consumer _consumer;

    /// <param name="capacity">The size in bytes, a power of two.</param>
    internal TapRing(int capacity)
    {
        _capacity = capacity;
        _memory = (byte*)NativeMemory.Alloc((nuint)capacity);
        _bursts = new TapBurst[capacity / BytesPerBurst];
    }

    // A watcher may leave while the receive thread still writes, so only the garbage collector knows when neither uses the memory.
    ~TapRing() => NativeMemory.Free(_memory);

    /// <summary>The number of datagrams that did not fit since the ring was made. Any thread.</summary>
    public long Lost => Volatile.Read(ref _producer.Lost);

    /// <summary>Consumer: the memory that <see cref="TapBurst.Offset"/> refers to.</summary>
    public ReadOnlySpan<byte> Memory => new(_memory, _capacity);

    /// <summary>Consumer: the index of the oldest burst that is not released.</summary>
    public long First => _consumer.Index;

    /// <summary>Consumer: the index after the newest burst.</summary>
    public long End => Volatile.Read(ref _producer.PublishedIndex);

    /// <summary>Consumer: returns a burst from <see cref="First"/> to below <see cref="End"/>.</summary>
    public ref readonly TapBurst this[long index] => ref _bursts[index & (_bursts.Length - 1)];

    /// <summary>Consumer: returns a record in the memory.</summary>
    public ReadOnlySpan<byte> RecordOf(in TapBurst burst, int number)
    {
        int at = number * burst.SegmentSize;
        return Memory.Slice(burst.Offset + at, Math.Min(burst.SegmentSize, burst.Length - at));
    }

    /// <summary>Producer: copies records. The consumer sees them after <see cref="Publish"/>.</summary>
    internal void Add(byte* records, int length, int segmentSize, long receiveTimeNs, RecordLayout layout)
    {
        ref Producer p = ref _producer;
        long at = PlaceFor(length);
        if (at < 0)
        {
            Volatile.Write(ref p.Lost, p.Lost + ((length + segmentSize - 1) / segmentSize));
            return;
        }

        int offset = (int)(at & (_capacity - 1));
        Buffer.MemoryCopy(records, _memory + offset, length, length);
        ref TapBurst burst = ref _bursts[p.Index & (_bursts.Length - 1)];
        burst.ReceiveTimeNs = receiveTimeNs;
        burst.Offset = offset;
        burst.Length = length;
        burst.SegmentSize = segmentSize;
        if (!ReferenceEquals(burst.Layout, layout))
            burst.Layout = layout;
        p.Position = at + length;
        p.Index++;
    }

    /// <summary>Producer: makes the added records visible.</summary>
    internal void Publish()
    {
        ref Producer p = ref _producer;
        if (p.Index != p.PublishedIndex)
            Volatile.Write(ref p.PublishedIndex, p.Index);
    }

    /// <summary>Consumer: returns the memory of all bursts below the index to the producer.</summary>
    public void Release(long index)
    {
        if (index == _consumer.Index)
            return;
        Volatile.Write(ref _consumer.Index, index);
    }

    /// <summary>Consumer: skips everything that is there.</summary>
    internal void SkipAll() => Release(End);

    /// <summary>Finds a place for contiguous bytes, as a position that only grows; -1 if there is none.</summary>
    private long PlaceFor(int length)
    {
        ref Producer p = ref _producer;
        // Acquire: the consumer's earlier reads of this memory are complete.
        long released = Volatile.Read(ref _consumer.Index);
        if (released == p.Index)
        {
            // The ring is empty: start at the beginning again, where the memory is in the cache.
            p.Position = p.Tail = (p.Position + _capacity - 1) & -(long)_capacity;
        }
        else
        {
            if (p.Index - released >= _bursts.Length)
                return -1;
            ref readonly TapBurst oldest = ref _bursts[released & (_bursts.Length - 1)];
            // The oldest burst is less than one round back.
            long back = (p.Position - oldest.Offset) & (_capacity - 1);
            p.Tail = p.Position - (back == 0 ? _capacity : back);
        }

        long at = p.Position;
        if ((at & (_capacity - 1)) + length > _capacity)
            at = (at + _capacity - 1) & -(long)_capacity;
        return at + length - p.Tail <= _capacity ? at : -1;
    }

    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Producer
    {
        [FieldOffset(128)] public long Index;
        [FieldOffset(136)] public long Position;
        [FieldOffset(144)] public long Tail;
        [FieldOffset(152)] public long PublishedIndex;
        [FieldOffset(160)] public long Lost;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Consumer
    {
        [FieldOffset(128)] public long Index;
    }
}
