using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Reading.Columns;

/// <summary>The values of one column of a batch. Reuses its memory for each batch. One thread.</summary>
public abstract class Column(ColumnSpec spec)
{
    private byte[] _valid = [];

    public ColumnSpec Spec => spec;

    /// <summary>Number of rows without a value.</summary>
    public int Nulls { get; private set; }

    /// <summary>1 for a row with a value, 0 for a row without. Only for a nullable column.</summary>
    public ReadOnlySpan<byte> Valid => _valid;

    public static Column For(ColumnSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Kind switch
        {
            ColumnKind.Boolean => new NumberColumn<byte>(spec),
            ColumnKind.Int32 => new NumberColumn<int>(spec),
            ColumnKind.Int64 or ColumnKind.Time => new NumberColumn<long>(spec),
            ColumnKind.Float32 => new NumberColumn<float>(spec),
            ColumnKind.Float64 => new NumberColumn<double>(spec),
            ColumnKind.List => new ListColumn(spec),
            _ => new BytesColumn(spec),
        };
    }

    /// <summary>Bytes of the values of variable length.</summary>
    internal virtual long CountedBytes => 0;

    public bool IsNull(int row) => spec.IsNullable && _valid[row] == 0;

    internal virtual void Clear() => Nulls = 0;

    /// <summary>Reserves room for a number of rows.</summary>
    internal virtual void Reserve(int rows)
    {
        if (!spec.IsNullable || _valid.Length >= rows)
            return;
        int before = _valid.Length;
        Array.Resize(ref _valid, Math.Max(rows, 2 * before));
        _valid.AsSpan(before).Fill(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void MarkValid(int row)
    {
        if (spec.IsNullable)
            _valid[row] = 1;
    }

    internal void MarkValid(int from, int to)
    {
        if (spec.IsNullable)
            _valid.AsSpan(from, to - from).Fill(1);
    }

    /// <summary>Copies a value from a column of the same kind.</summary>
    internal abstract void Copy(int row, Column from, int fromRow);

    internal virtual void SetNull(int row)
    {
        _valid[row] = 0;
        Nulls++;
    }
}

/// <summary>Values of fixed width.</summary>
public sealed class NumberColumn<T>(ColumnSpec spec) : Column(spec)
    where T : unmanaged
{
    private T[] _values = [];

    /// <summary>The values of all rows, followed by unused room.</summary>
    public T[] Values => _values;

    internal override void Reserve(int rows)
    {
        base.Reserve(rows);
        if (_values.Length < rows)
            Array.Resize(ref _values, Math.Max(rows, 2 * _values.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(int row, T value)
    {
        _values[row] = value;
        MarkValid(row);
    }

    internal override void SetNull(int row)
    {
        base.SetNull(row);
        _values[row] = default;
    }

    internal override void Copy(int row, Column from, int fromRow)
    {
        if (from.IsNull(fromRow))
            SetNull(row);
        else
            Set(row, ((NumberColumn<T>)from).Values[fromRow]);
    }

    /// <summary>Reads the values at a fixed distance from each offset.</summary>
    internal void Gather(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets, int distance, int firstRow)
    {
        Span<T> into = _values.AsSpan(firstRow, offsets.Length);
        for (int i = 0; i < into.Length; i++)
            into[i] = MemoryMarshal.Read<T>(data[(offsets[i] + distance)..]);
        MarkValid(firstRow, firstRow + offsets.Length);
    }
}

/// <summary>Texts or byte arrays in one block of memory.</summary>
public sealed class BytesColumn(ColumnSpec spec) : Column(spec)
{
    private byte[] _data = [];
    private int[] _ends = [0];
    private int _length;

    /// <summary>Start of each row's bytes, and the end of the last row.</summary>
    public int[] Offsets => _ends;

    internal override long CountedBytes => _length;

    /// <summary>The bytes of all rows.</summary>
    public ReadOnlyMemory<byte> Data => _data.AsMemory(0, _length);

    public ReadOnlySpan<byte> Of(int row) => _data.AsSpan(_ends[row], _ends[row + 1] - _ends[row]);

    internal override void Clear()
    {
        base.Clear();
        _length = 0;
    }

    internal override void Reserve(int rows)
    {
        base.Reserve(rows);
        if (_ends.Length < rows + 1)
            Array.Resize(ref _ends, Math.Max(rows + 1, 2 * _ends.Length));
    }

    internal void Set(int row, ReadOnlySpan<byte> value)
    {
        if (_data.Length - _length < value.Length)
            Array.Resize(ref _data, checked((int)Math.Min(Array.MaxLength, Math.Max(256L + _length + value.Length, 2L * _data.Length))));
        value.CopyTo(_data.AsSpan(_length));
        _length += value.Length;
        _ends[row + 1] = _length;
        MarkValid(row);
    }

    internal override void Copy(int row, Column from, int fromRow)
    {
        if (from.IsNull(fromRow))
            SetNull(row);
        else
            Set(row, ((BytesColumn)from).Of(fromRow));
    }

    internal override void SetNull(int row)
    {
        base.SetNull(row);
        _ends[row + 1] = _length;
    }
}
