using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Mcap;

/// <summary>Steps through the rows of one topic and provides their times. One thread.</summary>
internal sealed class McapRows(McapTopic topic, ChannelRows rows) : IDisposable
{
    private readonly ColumnBatch _batch = new(topic.Shape.Columns);
    private int _row;
    private uint _sequence;
    private bool _knowsReceipt;

    public McapTopic Topic => topic;

    public ChannelRows Rows => rows;

    /// <summary>
    /// Time of receipt of the current row. If unknown, that of the row before; if no row so far has one, the device's time. Never negative,
    /// as MCAP requires.
    /// </summary>
    public long LogNs { get; private set; }

    /// <summary>The device's time of the current row.</summary>
    public long PublishNs { get; private set; }

    public bool HasRow { get; private set; }

    /// <summary>Moves to the first row.</summary>
    public void Begin() => Refill();

    /// <summary>Appends the current row to a chunk and moves to the next row.</summary>
    /// <returns>Bytes of the row's values of variable length.</returns>
    public long Move(McapChunk chunk, int index)
    {
        ColumnBatch to = chunk.Rows[index];
        long before = to.CountedBytes;
        int at = to.Rows;
        to.Reserve(1);
        for (int i = 0; i < to.Columns.Count; i++)
            to.Columns[i].Copy(at, _batch.Columns[i], _row);
        to.Add(1);
        chunk.Order.Add(new McapRow(index, at, _sequence++, LogNs, PublishNs));
        if (++_row == _batch.Rows)
            Refill();
        else
            Look(_batch, _row);
        return to.CountedBytes - before;
    }

    /// <summary>Fills a chunk with the next rows in their order. For a file with one topic.</summary>
    public bool Fill(McapChunk chunk)
    {
        ColumnBatch batch = chunk.Rows[0];
        if (!rows.Fill(batch))
            return false;
        for (int row = 0; row < batch.Rows; row++)
        {
            Look(batch, row);
            chunk.Order.Add(new McapRow(0, row, _sequence++, LogNs, PublishNs));
        }

        return true;
    }

    public void Dispose() => rows.Dispose();

    private void Refill()
    {
        _row = 0;
        HasRow = rows.Fill(_batch);
        if (HasRow)
            Look(_batch, 0);
    }

    private void Look(ColumnBatch batch, int row)
    {
        long? device = TimeOf(batch, topic.Device, row), received = TimeOf(batch, topic.Received, row);
        _knowsReceipt |= received is not null;
        LogNs = Math.Max(0, received ?? (_knowsReceipt ? null : device) ?? LogNs);
        PublishNs = Math.Max(0, device ?? LogNs);
    }

    private static long? TimeOf(ColumnBatch batch, int column, int row) =>
        column < 0 || batch.Columns[column].IsNull(row) ? null : ((NumberColumn<long>)batch.Columns[column]).Values[row];
}
