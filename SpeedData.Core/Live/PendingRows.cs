using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Live;

/// <summary>
/// Rows of a table that wait for a watcher, in a fixed amount of memory. If it is full, neighbouring rows are merged into rows of twice the
/// width. Any thread.
/// </summary>
public sealed class PendingRows
{
    private const int MostRows = 16, LeastRows = 2, MostCells = 32 << 10;

    private readonly Lock _gate = new();
    private readonly double[] _cells;
    private readonly int _most;
    private readonly double _baseWidth;
    private double _width;
    private int _rows;

    /// <param name="signals">Number of signals of the table.</param>
    /// <param name="widthMs">Width of the table's buckets.</param>
    public PendingRows(int signals, double widthMs)
    {
        Cells = RowCells.Of(signals);
        _most = Math.Clamp(MostCells / Cells, LeastRows, MostRows);
        _cells = new double[_most * Cells];
        _baseWidth = _width = widthMs;
    }

    /// <summary>Number of cells in a row.</summary>
    public int Cells { get; }

    public bool Any => Volatile.Read(ref _rows) > 0;

    /// <summary>The most bytes that <see cref="Take"/> writes.</summary>
    public int MostBytes => _cells.Length * sizeof(double);

    public void Add(ReadOnlySpan<double> row)
    {
        lock (_gate)
        {
            if (_width > _baseWidth && _rows > 0 && Group(row[RowCells.Start]) == Row(_rows - 1)[RowCells.Start])
            {
                RowCells.Merge(Row(_rows - 1), row);
                return;
            }

            while (_rows == _most)
                Widen();
            row.CopyTo(Row(_rows));
            Row(_rows)[RowCells.Start] = Group(row[RowCells.Start]);
            _rows++;
        }
    }

    /// <summary>Writes the rows in their wire format and removes them.</summary>
    /// <returns>The number of rows, and their width in ms.</returns>
    public (int Rows, double Width) Take(Span<byte> to)
    {
        lock (_gate)
        {
            ReadOnlySpan<double> cells = _cells.AsSpan(0, _rows * Cells);
            if (BitConverter.IsLittleEndian)
                MemoryMarshal.AsBytes(cells).CopyTo(to);
            for (int i = 0; i < cells.Length && !BitConverter.IsLittleEndian; i++)
                BinaryPrimitives.WriteDoubleLittleEndian(to[(i * sizeof(double))..], cells[i]);
            (int, double) taken = (_rows, _width);
            _rows = 0;
            _width = _baseWidth;
            return taken;
        }
    }

    private Span<double> Row(int row) => _cells.AsSpan(row * Cells, Cells);

    // At the requested width, each start is already the start of a bucket.
    private double Group(double start) => _width > _baseWidth ? Math.Floor(start / _width) * _width : start;

    private void Widen()
    {
        _width *= 2;
        int kept = 0;
        for (int row = 0; row < _rows; row++)
        {
            double start = Group(Row(row)[RowCells.Start]);
            if (kept > 0 && Row(kept - 1)[RowCells.Start] == start)
            {
                RowCells.Merge(Row(kept - 1), Row(row));
                continue;
            }

            if (kept != row)
                Row(row).CopyTo(Row(kept));
            Row(kept++)[RowCells.Start] = start;
        }

        _rows = kept;
    }
}
