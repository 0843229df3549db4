using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Describes a block with facts that only the ring still has: when its records arrived and who sent them. Reuses one entry, and
/// allocates only when that entry grows. Writer thread.
/// </summary>
internal sealed class BlockIndexer(BurstRing ring, ReceiveTimes detail, TimeField? time, ChannelCounters counters, SchemaCounters? alternative = null)
{
    // A block's bursts stay in the ring until the block is described. Within a block each source has one id, and each id one source.
    private readonly Dictionary<ushort, int> _sources = [];
    private readonly IndexEntry _entry = new();
    private ushort _id;
    private int _source;
    private long _carried;

    /// <summary>The field that holds the device's time; null if there is none.</summary>
    public TimeField? Time => time;

    /// <summary>Whether the channel has other schemas, whose files are in the same folder.</summary>
    public bool IsAlternative => alternative is not null;

    /// <summary>
    /// The number of records archived since the process began. If the channel has several schemas, only this schema's records.
    /// </summary>
    public long Ordinal => alternative is null ? counters.Snapshot().Writer.Archived : counters.Archived(alternative);

    /// <summary>Makes the entry of a block that was written but not yet released.</summary>
    /// <param name="block">The block in the ring.</param>
    /// <param name="offset">The block's offset in the archive.</param>
    /// <param name="bytes">The block's size in the archive.</param>
    /// <param name="crc">The block's CRC-32C.</param>
    public IndexEntry Describe(in Block block, long offset, long bytes, uint crc)
    {
        LedgerSnapshot ledger = counters.Snapshot();
        _entry.Offset = offset;
        _entry.Bytes = bytes;
        _entry.Records = block.Datagrams;
        _entry.Ordinal = alternative is null ? ledger.Writer.Archived : counters.Archived(alternative);
        _entry.Dropped = Drops(ledger);
        _entry.Lost = _carried;
        _entry.Crc32C = crc;
        DescribeBursts(block);
        return _entry;
    }

    /// <summary>
    /// Leaves out a block that is not archived. Its datagrams, and the losses that it would have reported, count as lost before the
    /// next archived block. So the index shows every gap that the counters know, as soon as a record follows. Call this before the
    /// block is released.
    /// </summary>
    public void LeaveOut(in Block block)
    {
        _carried += block.Datagrams;
        for (long index = block.FirstIndex; index < block.EndIndex; index++)
            _carried += ring[index].LostBefore;
    }

    private static IndexDrops Drops(in LedgerSnapshot ledger) => new(
        ledger.KernelDrops,
        ledger.Receive.Invalid,
        ledger.Receive.SourceDenied,
        ledger.Receive.RingFull,
        ledger.Writer.Disk,
        ledger.Dropped(DropReason.Fault));

    private void DescribeBursts(in Block block)
    {
        // The ring's own cursor cannot be used: a drain that ran out of time may have moved it while this block was written.
        long first = block.FirstIndex, last = block.EndIndex - 1;
        bool known = detail != ReceiveTimes.Off;
        _entry.ReceivedFirstNs = known ? ring[first].ReceiveTimeNs : null;
        _entry.ReceivedLastNs = known ? ring[last].ReceiveTimeNs : null;
        _entry.DeviceFirstNs = DeviceTime(in ring[first], ofLast: false);
        _entry.DeviceLastNs = DeviceTime(in ring[last], ofLast: true);
        _entry.HasBursts = detail == ReceiveTimes.Burst;
        _entry.Sources.Clear();
        _entry.Bursts.Clear();
        _sources.Clear();
        for (long index = first; index <= last; index++)
        {
            DescribeBurst(in ring[index], known, _carried);
            _carried = 0;
        }
    }

    private void DescribeBurst(ref readonly BurstDescriptor burst, bool known, long carried)
    {
        _entry.Lost += burst.LostBefore;
        if (!known)
            return;
        // Most channels have one sender.
        if (_entry.Sources.Count == 0 || burst.Source != _id)
            _source = NumberOf(_id = burst.Source);
        if (_entry.HasBursts)
            _entry.Bursts.Add(new IndexBurst(burst.ReceiveTimeNs, burst.Count, _source, carried + burst.LostBefore));
    }

    private int NumberOf(ushort id)
    {
        if (!_sources.TryGetValue(id, out int number))
        {
            _sources.Add(id, number = _entry.Sources.Count);
            _entry.Sources.Add(ring.Sources[id]);
        }

        return number;
    }

    private long? DeviceTime(ref readonly BurstDescriptor burst, bool ofLast)
    {
        int from = ofLast ? (burst.Count - 1) * burst.SegmentSize : 0;
        int size = Math.Min(burst.SegmentSize, burst.Length - from);
        return time is not null && time.TryRead(ring.Payload(burst.Offset + from, size), out long ns) ? ns : null;
    }
}
