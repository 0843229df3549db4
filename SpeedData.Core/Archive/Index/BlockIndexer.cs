using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Describes a block with what only the ring still knows: when its records came and who sent them. Reuses one entry, and
/// allocates only when that grows. Writer thread.
/// </summary>
internal sealed class BlockIndexer(BurstRing ring, ReceiveTimes detail, TimeField? time, ChannelCounters counters, SchemaCounters? alternative = null)
{
    // A block's bursts stay in the ring until it is described. Within a block each source has one id, and each id one source.
    private readonly Dictionary<ushort, int> _sources = [];
    private readonly IndexEntry _entry = new();
    private ushort _id;
    private int _source;
    private long _carried;

    /// <summary>Where the device's time stands; null for nowhere.</summary>
    public TimeField? Time => time;

    /// <summary>Whether the channel has other schemas, whose files lie beside these.</summary>
    public bool IsAlternative => alternative is not null;

    /// <summary>Records archived so far, since the process began; of this schema, where the channel has others too.</summary>
    public long Ordinal => alternative is null ? counters.Snapshot().Writer.Archived : counters.Archived(alternative);

    /// <summary>The entry of a block that was written but not yet released.</summary>
    /// <param name="block">Where it lies in the ring.</param>
    /// <param name="offset">Where it lies in the archive.</param>
    /// <param name="bytes">Its bytes there.</param>
    /// <param name="crc">CRC-32C of these.</param>
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
    /// A block is not archived: its datagrams, and the losses it would have reported, count as lost before the next block that
    /// is archived. So the index shows every gap that the counters know, as soon as a record follows. Call this before the
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
        // Not the ring's own cursor: a drain that ran out of time may have advanced it while this block was written.
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
