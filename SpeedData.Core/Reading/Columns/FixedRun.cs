namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Reads consecutive values of fixed width. Notes their position in each record, and later fills each column in one pass.
/// </summary>
internal sealed class FixedRun(int size, IReadOnlyList<(int Column, int Distance, bool IsDouble)> values) : FieldReader
{
    private int[] _offsets = [];
    private ColumnBatch _batch = null!;
    private int _firstRow;

    public override void Prepare(ColumnBatch batch, int rows)
    {
        (_batch, _firstRow) = (batch, batch.Rows);
        if (_offsets.Length < rows)
            _offsets = new int[rows];
    }

    public override void Read(ref RecordBytes bytes, int row)
    {
        _offsets[row - _firstRow] = bytes.Position;
        bytes.Position += size;
    }

    public override void Gather(ReadOnlySpan<byte> data, int firstRow, int rows)
    {
        // The number of records that stay in the processor's cache while one column after the other is filled.
        const int Slice = 512;
        for (int from = 0; from < rows; from += Slice)
        {
            ReadOnlySpan<int> offsets = _offsets.AsSpan(from, Math.Min(Slice, rows - from));
            foreach ((int column, int distance, bool isDouble) in values)
            {
                if (isDouble)
                    ((NumberColumn<double>)_batch.Columns[column]).Gather(data, offsets, distance, firstRow + from);
                else
                    ((NumberColumn<float>)_batch.Columns[column]).Gather(data, offsets, distance, firstRow + from);
            }
        }
    }
}
