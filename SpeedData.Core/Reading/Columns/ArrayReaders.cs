using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>Reads an array item, which is a plain value or null, into a column.</summary>
internal sealed class ItemReader(LayoutNode item, Func<LayoutNode, ColumnReader> readerOf)
{
    private readonly ColumnReader _value = readerOf(Signal.Optional(item) ?? item);
    private readonly bool _isOptional = Signal.Optional(item) is not null;
    private readonly bool _isNullFirst = item.Branches is [{ Type: AvroType.Null }, ..];

    public void Attach(Column column) => _value.Attach(column);

    public void Read(ref RecordBytes bytes, int row)
    {
        if (_isOptional && (bytes.Long() == 0) == _isNullFirst)
            _value.SetNull(row);
        else
            _value.Read(ref bytes, row);
    }

    public void SetNull(int row) => _value.SetNull(row);
}

/// <summary>Reads an array into a list column.</summary>
internal sealed class ListReader(int index, ItemReader item) : ColumnReader<ListColumn>(index)
{
    public override void Attach(Column column)
    {
        base.Attach(column);
        item.Attach(Column.Items);
    }

    public override void Read(ref RecordBytes bytes, int row)
    {
        int at = Column.Offsets[row];
        for (long count = bytes.Items(); count > 0; count = bytes.Items())
        {
            Column.Items.Reserve(checked((int)(at + count)));
            for (; count > 0; count--)
                item.Read(ref bytes, at++);
        }

        Column.Set(row, at);
    }
}

/// <summary>Reads the first items of an array into one column each. A longer array is refused, or cut if that is allowed.</summary>
internal sealed class SpreadReader(string name, IReadOnlyList<(int Index, ItemReader Item)> columns, LayoutNode item, bool cuts) : FieldReader
{
    private readonly ValueSkip _skip = new(item);

    public override void Prepare(ColumnBatch batch, int rows)
    {
        foreach ((int index, ItemReader reader) in columns)
            reader.Attach(batch.Columns[index]);
    }

    public override void Read(ref RecordBytes bytes, int row)
    {
        int at = 0;
        for (long count = bytes.Items(); count > 0; count = bytes.Items())
        {
            if (at + count > columns.Count && !cuts)
                throw new ReadingException($"--array-columns {name}={columns.Count}: a record has {at + count:N0} or more items; give a larger number, or --lossy to leave out the rest");
            for (; count > 0; count--, at++)
            {
                if (at < columns.Count)
                    columns[at].Item.Read(ref bytes, row);
                else
                    _skip.Read(ref bytes, row);
            }
        }

        for (; at < columns.Count; at++)
            columns[at].Item.SetNull(row);
    }

    public override void SetNull(int row)
    {
        foreach ((_, ItemReader reader) in columns)
            reader.SetNull(row);
    }
}
