namespace SpeedData.Core.Reading;

/// <summary>Goes from record to record of a channel in a range, as they are encoded. One thread.</summary>
internal sealed class RecordFilter : IDisposable
{
    private readonly BlockStream _blocks;
    private readonly Receipts _receipts = new();
    private readonly RangeTest _test;
    private readonly long _every;
    private long _seen;
    private int _at;
    private int _length;

    public RecordFilter(ChannelSelection channel, long every, CancellationToken stop)
    {
        _blocks = new BlockStream(channel, stop);
        _test = new RangeTest(channel.Range, _blocks, _receipts);
        _every = every;
    }

    /// <summary>Valid until the next move.</summary>
    public ReadOnlySpan<byte> Record => _blocks.Data.Slice(_at, _length);

    /// <summary>When the record came, about where that was not kept; by its own time where no receipt was.</summary>
    public long? TimeNs => _receipts.ReceivedNs ?? (_blocks.HasTimes ? _receipts.EstimateNs(_blocks.Taken - 1) : null) ?? DeviceNs;

    /// <summary>The layout of the record.</summary>
    public Schema.RecordLayout Layout => _blocks.File.Layout!;

    public long BytesDone => _blocks.BytesDone;

    public long Damaged => _blocks.Damaged;

    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool MoveNext()
    {
        while (_blocks.HasRest || _blocks.MoveNext())
        {
            if (_blocks.Taken == 0)
                _receipts.Begin(_blocks.Entry, _blocks.Records);
            long record = _blocks.Taken;
            _receipts.MoveTo(record);
            _at = _blocks.Position;
            _blocks.File.Layout!.Measure(_blocks.Data[_at..], out _length);
            _blocks.Pass(1, _at + _length);
            if (_test.Holds(record, _blocks.Data[_at..]) && _seen++ % _every == 0)
                return true;
        }

        return false;
    }

    private long? DeviceNs => _blocks.File.Time is { } time && time.TryRead(Record, out long device) ? device : null;

    public void Dispose() => _blocks.Dispose();
}
