namespace SpeedData.Core.Reading;

/// <summary>Files of a channel that follow one another in time, read record by record. One thread.</summary>
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

    /// <summary>About when the next record came, never earlier than the one before it.</summary>
    public long NextNs => _lastNs = Math.Max(_lastNs, TimeNs(Blocks.Taken, Blocks.Data[Blocks.Position..]) ?? long.MinValue);

    /// <summary>Goes to the next record.</summary>
    /// <returns>False when there is none left.</returns>
    public bool MoveNext()
    {
        if (!Blocks.HasRest && !Blocks.MoveNext())
            return false;
        if (Blocks.Taken == 0)
            Receipts.Begin(Blocks.Entry, Blocks.Records);
        Receipts.MoveTo(Blocks.Taken);
        return true;
    }

    /// <summary>When a record came, about where that was not kept; by its own time where no receipt was.</summary>
    /// <param name="record">Its number in the block; the receipts stand at it.</param>
    /// <param name="bytes">Bytes that begin with it.</param>
    public long? TimeNs(long record, ReadOnlySpan<byte> bytes) =>
        Receipts.ReceivedNs
        ?? (Blocks.HasTimes ? Receipts.EstimateNs(record) : null)
        ?? (Blocks.File.Time is { } time && time.TryRead(bytes, out long device) ? device : null);

    public void Dispose() => Blocks.Dispose();
}
