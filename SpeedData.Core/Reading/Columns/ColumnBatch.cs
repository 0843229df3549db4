namespace SpeedData.Core.Reading.Columns;

/// <summary>Rows as columns, at most some ten thousand rows. Reused. One thread at a time.</summary>
public sealed class ColumnBatch(IReadOnlyList<ColumnSpec> specs)
{
    public IReadOnlyList<Column> Columns { get; } = [.. specs.Select(Column.For)];

    public int Rows { get; private set; }

    /// <summary>Bytes of the values of variable length.</summary>
    internal long CountedBytes
    {
        get
        {
            long bytes = 0;
            for (int i = 0; i < Columns.Count; i++)
                bytes += Columns[i].CountedBytes;
            return bytes;
        }
    }

    internal void Clear()
    {
        Rows = 0;
        foreach (Column column in Columns)
            column.Clear();
    }

    /// <summary>Reserves room for additional rows.</summary>
    internal void Reserve(int more)
    {
        foreach (Column column in Columns)
            column.Reserve(Rows + more);
    }

    internal void Add(int rows) => Rows += rows;
}
