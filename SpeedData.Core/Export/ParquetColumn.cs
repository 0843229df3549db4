using System.Text;
using Parquet;
using Parquet.Schema;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Hands a column to the Parquet writer. Memory is kept from batch to batch. One thread.</summary>
internal abstract class ParquetColumn(DataField place)
{
    public DataField Field => place;

    public static ParquetColumn For(ColumnSpec spec) => spec.Kind switch
    {
        ColumnKind.Boolean => new ParquetColumn<byte, bool>(Plain<bool>(spec), value => value != 0),
        ColumnKind.Int32 => new ParquetColumn<int, int>(Plain<int>(spec), null),
        ColumnKind.Int64 => new ParquetColumn<long, long>(Plain<long>(spec), null),
        ColumnKind.Float32 => new ParquetColumn<float, float>(Plain<float>(spec), null),
        ColumnKind.Float64 => new ParquetColumn<double, double>(Plain<double>(spec), null),
        ColumnKind.Time => new ParquetColumn<long, DateTime>(new DateTimeDataField(spec.Name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, spec.IsNullable), Time),
        ColumnKind.Binary => new ParquetBinary(new DataField(spec.Name, typeof(byte[]), spec.IsNullable)),
        _ => new ParquetText(new DataField(spec.Name, typeof(string), spec.IsNullable)),
    };

    public abstract Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows);

    private static DataField Plain<T>(ColumnSpec spec) => new(spec.Name, typeof(T), spec.IsNullable);

    // To the microsecond, always towards the past.
    private static DateTime Time(long ns) => DateTime.UnixEpoch.AddTicks((ns >= 0 ? ns / 1000 : -((-ns + 999) / 1000)) * TimeSpan.TicksPerMicrosecond);
}

/// <summary>Values of one type, which Parquet may have as another.</summary>
internal abstract class ParquetValues<T>(DataField field) : ParquetColumn(field)
    where T : struct
{
    private int[] _levels = [];

    protected T[] Values { get; private set; } = [];

    /// <summary>Room for so many values.</summary>
    protected void Reserve(int rows)
    {
        if (Values.Length < rows)
            Values = new T[rows];
        if (_levels.Length < rows)
            _levels = new int[rows];
    }

    /// <summary>Writes the values that are there, and which rows have one.</summary>
    protected Task WriteAsync(ParquetRowGroupWriter group, Column column, ReadOnlyMemory<T> values, int rows)
    {
        if (!column.Spec.IsNullable)
            return group.WriteAsync(Field, values);
        for (int row = 0; row < rows; row++)
            _levels[row] = column.Valid[row];
        return group.WriteAllPartsAsync(Field, values, _levels.AsMemory(0, rows), null, CancellationToken.None);
    }
}

internal sealed class ParquetColumn<TFrom, T>(DataField field, Func<TFrom, T>? convert) : ParquetValues<T>(field)
    where TFrom : unmanaged
    where T : struct
{
    public override Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows)
    {
        TFrom[] from = ((NumberColumn<TFrom>)column).Values;
        Reserve(rows);
        if (convert is null && column.Nulls == 0)
            return WriteAsync(group, column, ((T[])(object)from).AsMemory(0, rows), rows);
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!column.IsNull(row))
                Values[count++] = convert is null ? (T)(object)from[row] : convert(from[row]);
        }

        return WriteAsync(group, column, Values.AsMemory(0, count), rows);
    }
}

internal sealed class ParquetText(DataField field) : ParquetValues<ReadOnlyMemory<char>>(field)
{
    private char[] _text = [];

    public override Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows)
    {
        var texts = (BytesColumn)column;
        Reserve(rows);
        if (_text.Length < texts.Data.Length)
            _text = new char[texts.Data.Length];
        (int count, int length) = (0, 0);
        for (int row = 0; row < rows; row++)
        {
            if (column.IsNull(row))
                continue;
            int chars = Encoding.UTF8.GetChars(texts.Of(row), _text.AsSpan(length));
            Values[count++] = _text.AsMemory(length, chars);
            length += chars;
        }

        return WriteAsync(group, column, Values.AsMemory(0, count), rows);
    }
}

internal sealed class ParquetBinary(DataField field) : ParquetValues<ReadOnlyMemory<byte>>(field)
{
    public override Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows)
    {
        var bytes = (BytesColumn)column;
        Reserve(rows);
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!column.IsNull(row))
                Values[count++] = bytes.Data[bytes.Offsets[row]..bytes.Offsets[row + 1]];
        }

        return WriteAsync(group, column, Values.AsMemory(0, count), rows);
    }
}
