namespace SpeedData.Core.Reading.Columns;

/// <summary>Lists of plain values: the items of all rows in one column, and the start of each row's items.</summary>
public sealed class ListColumn(ColumnSpec spec) : Column(spec)
{
    private int[] _ends = [0];
    private int _count;

    /// <summary>The items of all rows in row order.</summary>
    public Column Items { get; } = For(spec.Item!);

    /// <summary>Start of each row's items, and the end of the last row.</summary>
    public int[] Offsets => _ends;

    internal override long CountedBytes => Items.CountedBytes + ((long)sizeof(double) * _count);

    internal override void Clear()
    {
        base.Clear();
        Items.Clear();
        _count = 0;
    }

    internal override void Reserve(int rows)
    {
        base.Reserve(rows);
        if (_ends.Length < rows + 1)
            Array.Resize(ref _ends, Math.Max(rows + 1, 2 * _ends.Length));
    }

    /// <summary>Ends the row's items, which were appended to <see cref="Items"/>, at an index.</summary>
    internal void Set(int row, int end)
    {
        _ends[row + 1] = _count = end;
        MarkValid(row);
    }

    internal override void SetNull(int row)
    {
        base.SetNull(row);
        _ends[row + 1] = _ends[row];
    }

    internal override void Copy(int row, Column from, int fromRow)
    {
        if (from.IsNull(fromRow))
        {
            SetNull(row);
            return;
        }

        var lists = (ListColumn)from;
        int at = _ends[row];
        Items.Reserve(at + lists._ends[fromRow + 1] - lists._ends[fromRow]);
        for (int item = lists._ends[fromRow]; item < lists._ends[fromRow + 1]; item++)
            Items.Copy(at++, lists.Items, item);
        Set(row, at);
    }
}
