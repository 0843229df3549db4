namespace SpeedData.Core.Reading;

/// <summary>Reads files of a channel that follow one another in time, record by record. One thread.</summary>
internal sealed class RecordTrack : IDisposable
{
    private long _lastNs = long.MinValue;

    public RecordTrack(ChannelSelection channel, CancellationToken stop)
    {
        Blocks = new BlockStream(channel, stop);
        Test = new RangeTest(channel.Range, Blocks, Receipts);
    }

    public BlockStream Blocks { get; }

    public Receipts Receipts { get; } = new();

    public RangeTest Test { get; }

    /// <summary>Estimated time of receipt of the next record, never earlier than that of the record before.</summary>
    public long NextNs => _lastNs = Math.Max(_lastNs, TimeNs(Blocks.Taken, Blocks.Data[Blocks.Position..]) ?? long.MinValue);

    /// <summary>Moves to the next record.</summary>
    /// <returns>False if there are no more records.</returns>
    public bool MoveNext()
    {
        if (!Blocks.HasRest && !Blocks.MoveNext())
            return false;
        if (Blocks.Taken == 0)
            Receipts.Begin(Blocks.Entry, Blocks.Records);
        Receipts.MoveTo(Blocks.Taken);
        return true;
    }

    /// <summary>
    /// Returns the time of receipt, estimated if it was not kept; the record's own time if the file has no receive times.
    /// </summary>
    /// <param name="record">The record's number in the block; <see cref="Receipts"/> must be positioned at this record.</param>
    /// <param name="bytes">Bytes that start with the record.</param>
    public long? TimeNs(long record, ReadOnlySpan<byte> bytes) =>
        Receipts.ReceivedNs
        ?? (Blocks.HasTimes ? Receipts.EstimateNs(record) : null)
        ?? (Blocks.File.Time is { } time && time.TryRead(bytes, out long device) ? device : null);

    public void Dispose() => Blocks.Dispose();
}
