using System.Runtime.InteropServices;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Tap;

/// <summary>Valid records that lie one behind the other.</summary>
public struct TapBurst
{
    /// <summary>Unix time of arrival in ns.</summary>
    public long ReceiveTimeNs;

    /// <summary>Where the first begins in <see cref="TapRing.Memory"/>.</summary>
    public int Offset;

    /// <summary>Bytes of all.</summary>
    public int Length;

    /// <summary>Bytes of each but the last.</summary>
    public int SegmentSize;

    /// <summary>What they are.</summary>
    public RecordLayout Layout;

    public readonly int Count => (Length + SegmentSize - 1) / SegmentSize;
}

/// <summary>
/// Copies of what a channel receives, for those who look. Single producer, single consumer. It never waits: what does not fit
/// is counted and gone. While the consumer keeps up, the same few pages are used again and again.
/// </summary>
public sealed unsafe class TapRing
{
    /// <summary>Holds 0.2 s of 40,000 datagrams a second of up to 512 bytes.</summary>
    public const int LargeCapacity = 4 << 20;

    /// <summary>For a host of many channels, where each receives little.</summary>
    public const int SmallCapacity = 512 << 10;

    private const int BytesPerBurst = 512;

    private readonly byte* _memory;
    private readonly int _capacity;
    private readonly TapBurst[] _bursts;
    private Producer _producer;
    private Consumer _consumer;

    /// <param name="capacity">Bytes, a power of two.</param>
    internal TapRing(int capacity)
    {
        _capacity = capacity;
        _memory = (byte*)NativeMemory.Alloc((nuint)capacity);
        _bursts = new TapBurst[capacity / BytesPerBurst];
    }

    // A watcher may leave while the receive thread still writes, so only the collector knows when nobody does.
    ~TapRing() => NativeMemory.Free(_memory);

    /// <summary>Datagrams that did not fit, since the ring was made. Any thread.</summary>
    public long Lost => Volatile.Read(ref _producer.Lost);

    /// <summary>Consumer: what <see cref="TapBurst.Offset"/> counts in.</summary>
    public ReadOnlySpan<byte> Memory => new(_memory, _capacity);

    /// <summary>Consumer: index of the oldest burst that was not released.</summary>
    public long First => _consumer.Index;

    /// <summary>Consumer: index behind the newest burst.</summary>
    public long End => Volatile.Read(ref _producer.PublishedIndex);

    /// <summary>Consumer: a burst from <see cref="First"/> to below <see cref="End"/>.</summary>
    public ref readonly TapBurst this[long index] => ref _bursts[index & (_bursts.Length - 1)];

    /// <summary>Consumer: a record in the memory.</summary>
    public ReadOnlySpan<byte> RecordOf(in TapBurst burst, int number)
    {
        int at = number * burst.SegmentSize;
        return Memory.Slice(burst.Offset + at, Math.Min(burst.SegmentSize, burst.Length - at));
    }

    /// <summary>Producer: copies records; the consumer sees them after <see cref="Publish"/>.</summary>
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

    /// <summary>Producer: makes what was added visible.</summary>
    internal void Publish()
    {
        ref Producer p = ref _producer;
        if (p.Index != p.PublishedIndex)
            Volatile.Write(ref p.PublishedIndex, p.Index);
    }

    /// <summary>Consumer: gives the memory of all bursts below the index back.</summary>
    public void Release(long index)
    {
        if (index == _consumer.Index)
            return;
        Volatile.Write(ref _consumer.Index, index);
    }

    /// <summary>Consumer: forgets what is there.</summary>
    internal void SkipAll() => Release(End);

    /// <summary>A place for consecutive bytes, as a position that only grows; -1 if there is none.</summary>
    private long PlaceFor(int length)
    {
        ref Producer p = ref _producer;
        // Acquire: the consumer's reads of this memory came before.
        long released = Volatile.Read(ref _consumer.Index);
        if (released == p.Index)
        {
            // Empty: from the beginning again, where the memory is in the cache.
            p.Position = p.Tail = (p.Position + _capacity - 1) & -(long)_capacity;
        }
        else
        {
            if (p.Index - released >= _bursts.Length)
                return -1;
            ref readonly TapBurst oldest = ref _bursts[released & (_bursts.Length - 1)];
            // The oldest lies less than a round behind.
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
