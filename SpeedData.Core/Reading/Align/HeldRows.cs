using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Align;

/// <summary>Steps through the rows of a channel and holds the latest one up to a given time. One thread.</summary>
internal sealed class HeldRows : IDisposable
{
    private readonly RecordReader _reader;
    private readonly TableShape _shape;
    private readonly RangeClock _clock;
    private ColumnBatch _next;
    private ColumnBatch _other;
    private int _row;
    private bool _hasNext;

    public HeldRows(ChannelSelection channel, TableShape shape, CancellationToken stop)
    {
        (_shape, _clock) = (shape, channel.Range.Clock);
        _reader = new RecordReader(channel, shape, 1, 4 << 10, stop);
        (_next, _other) = (new ColumnBatch(shape.Columns), new ColumnBatch(shape.Columns));
        _hasNext = _reader.Fill(_next);
    }

    public long BytesDone => _reader.BytesDone;

    public long Damaged => _reader.Damaged;

    /// <summary>Whether there are more rows.</summary>
    public bool HasNext => _hasNext;

    /// <summary>Time of the next row; if unknown, that of the held row.</summary>
    public long NextNs => TimeOf(_next, _row) ?? HeldNs;

    /// <summary>The held row; null before the first.</summary>
    public (ColumnBatch Batch, int Row)? Held { get; private set; }

    private long HeldNs { get; set; } = long.MinValue;

    /// <summary>Moves to the last row up to <paramref name="ns"/>.</summary>
    public void MoveTo(long ns)
    {
        while (_hasNext && NextNs <= ns)
        {
            HeldNs = NextNs;
            Held = (_next, _row);
            if (++_row == _next.Rows)
                Refill();
        }
    }

    public void Dispose() => _reader.Dispose();

    // Fills the other batch, because the current one contains the held row.
    private void Refill()
    {
        (_next, _other) = (_other, _next);
        _row = 0;
        _hasNext = _reader.Fill(_next);
    }

    private long? TimeOf(ColumnBatch batch, int row)
    {
        var received = (NumberColumn<long>)batch.Columns[_shape.Received];
        if (_clock == RangeClock.Received && !received.IsNull(row))
            return received.Values[row];
        return _shape.HasTime && !batch.Columns[_shape.Time].IsNull(row) ? ((NumberColumn<long>)batch.Columns[_shape.Time]).Values[row] : null;
    }
}
