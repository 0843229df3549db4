using Parquet;
using Parquet.Schema;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Lists. The definition level is 0 for no list, 1 for an empty list, 2 for a null, 3 for a value.</summary>
internal sealed class ParquetList(string name, ParquetValues items) : ParquetColumn(new ListField(name, items.Field))
{
    private const int NoList = 0, Empty = 1, Null = 2, Value = 3;

    private int[] _defined = [];
    private int[] _repeated = [];
    private int _count;

    public override void Begin() => items.Begin();

    public override Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows)
    {
        var lists = (ListColumn)column;
        int most = rows + lists.Offsets[rows];
        if (_defined.Length < most)
            (_defined, _repeated) = (new int[most], new int[most]);
        _count = 0;
        for (int row = 0; row < rows; row++)
            Add(lists, row);
        return items.WritePartsAsync(group, lists.Items, lists.Offsets[rows], _defined.AsMemory(0, _count), _repeated.AsMemory(0, _count));
    }

    private void Add(ListColumn lists, int row)
    {
        (int from, int to) = (lists.Offsets[row], lists.Offsets[row + 1]);
        if (from == to)
            Add(lists.IsNull(row) ? NoList : Empty, 0);
        for (int item = from; item < to; item++)
            Add(lists.Items.IsNull(item) ? Null : Value, item == from ? 0 : 1);
    }

    private void Add(int defined, int repeated) => (_defined[_count], _repeated[_count++]) = (defined, repeated);
}
