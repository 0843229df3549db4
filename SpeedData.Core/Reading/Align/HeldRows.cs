using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Align;

/// <summary>Goes through the rows of a channel and holds the last one that a moment has seen. One thread.</summary>
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

    /// <summary>Whether rows are left that no moment has seen.</summary>
    public bool HasNext => _hasNext;

    /// <summary>When the next row came; the row before it where that is not known.</summary>
    public long NextNs => TimeOf(_next, _row) ?? HeldNs;

    /// <summary>The row that is held; null before the first.</summary>
    public (ColumnBatch Batch, int Row)? Held { get; private set; }

    private long HeldNs { get; set; } = long.MinValue;

    /// <summary>Goes to the last row up to a moment.</summary>
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

    // The batch with the row that is held stays as it is.
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
