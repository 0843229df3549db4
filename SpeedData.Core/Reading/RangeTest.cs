using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Reading;

/// <summary>Decides which records of the current block are in the range. One thread.</summary>
internal sealed class RangeTest(TimeRange range, BlockStream blocks, Receipts receipts)
{
    /// <summary>Whether all records of the block are in the range, so that none must be tested.</summary>
    public bool IsWithin() => range.IsOpen
        || (range.Clock == RangeClock.Received && blocks.Entry is { ReceivedFirstNs: { } first, ReceivedLastNs: { } last } entry && range.Covers(first, last) && Covers(entry));

    /// <param name="record">The record's number in the block; <c>receipts</c> must be positioned at this record.</param>
    /// <param name="rest">Bytes that start with the record.</param>
    public bool Holds(long record, ReadOnlySpan<byte> rest) => range.IsOpen || (TimeOf(record, rest) is { } ns && range.Holds(ns) && CameWithin(record));

    private bool CameWithin(long record) =>
        range.ReceivedWithin is not { } within || !blocks.HasTimes || ((receipts.ReceivedNs ?? receipts.EstimateNs(record)) is var came && !(came < within.FromNs) && !(came >= within.ToNs));

    private bool Covers(IndexEntry entry) => entry.Bursts.TrueForAll(burst => range.Holds(burst.ReceivedNs));

    private long? TimeOf(long record, ReadOnlySpan<byte> rest)
    {
        if (range.Clock == RangeClock.Received && blocks.HasTimes)
            return receipts.ReceivedNs ?? receipts.EstimateNs(record);
        return blocks.File.Time is { } time && time.TryRead(rest, out long device) ? device : null;
    }
}
