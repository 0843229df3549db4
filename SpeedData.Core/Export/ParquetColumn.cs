using System.Text;
using Parquet;
using Parquet.Schema;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Passes a column to the Parquet writer. Reuses its memory for each batch. One thread.</summary>
internal abstract class ParquetColumn(Field place)
{
    /// <summary>The field of the column in the Parquet schema.</summary>
    public Field Place => place;

    /// <param name="spec">The column to write.</param>
    /// <param name="keepsNs">Whether times keep their nanoseconds.</param>
    public static ParquetColumn For(ColumnSpec spec, bool keepsNs) => spec.Kind == ColumnKind.List
        ? new ParquetList(spec.Name, ValuesOf(spec.Item! with { Name = "element", IsNullable = true }, keepsNs))
        : ValuesOf(spec, keepsNs);

    /// <summary>Prepares the column after the schema was passed to the Parquet writer.</summary>
    public virtual void Begin()
    {
    }

    public abstract Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows);

    private static ParquetValues ValuesOf(ColumnSpec spec, bool keepsNs) => spec.Kind switch
    {
        ColumnKind.Boolean => new ParquetNumbers<byte, bool>(Plain<bool>(spec), value => value != 0),
        ColumnKind.Int32 => new ParquetNumbers<int, int>(Plain<int>(spec), null),
        ColumnKind.Int64 => new ParquetNumbers<long, long>(Plain<long>(spec), null),
        ColumnKind.Float32 => new ParquetNumbers<float, float>(Plain<float>(spec), null),
        ColumnKind.Float64 => new ParquetNumbers<double, double>(Plain<double>(spec), null),
        ColumnKind.Time when keepsNs => new ParquetNanoseconds(spec.Name, spec.IsNullable),
        ColumnKind.Time => new ParquetNumbers<long, DateTime>(new DateTimeDataField(spec.Name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, spec.IsNullable), Time),
        ColumnKind.Binary => new ParquetBinary(new DataField(spec.Name, typeof(byte[]), spec.IsNullable)),
        _ => new ParquetText(new DataField(spec.Name, typeof(string), spec.IsNullable)),
    };

    private static DataField Plain<T>(ColumnSpec spec) => new(spec.Name, typeof(T), spec.IsNullable);

    // Rounds down to whole microseconds.
    private static DateTime Time(long ns) => DateTime.UnixEpoch.AddTicks((ns >= 0 ? ns / 1000 : -((-ns + 999) / 1000)) * TimeSpan.TicksPerMicrosecond);
}

/// <summary>Values that are a column themselves, or the items of lists.</summary>
internal abstract class ParquetValues(DataField place) : ParquetColumn(place)
{
    private int[] _levels = [];

    public DataField Field => place;

    public override Task WriteAsync(ParquetRowGroupWriter group, Column column, int rows)
    {
        if (!column.Spec.IsNullable)
            return WritePartsAsync(group, column, rows, null, null);
        if (_levels.Length < rows)
            _levels = new int[rows];
        for (int row = 0; row < rows; row++)
            _levels[row] = column.Valid[row];
        return WritePartsAsync(group, column, rows, _levels.AsMemory(0, rows), null);
    }

    /// <summary>Writes the values that are present; the levels give their positions.</summary>
    public abstract Task WritePartsAsync(ParquetRowGroupWriter group, Column column, int rows, ReadOnlyMemory<int>? defined, ReadOnlyMemory<int>? repeated);
}

/// <summary>Values of one .NET type.</summary>
internal abstract class ParquetValues<T>(DataField field) : ParquetValues(field)
    where T : struct
{
    protected T[] Values { get; private set; } = [];

    public override Task WritePartsAsync(ParquetRowGroupWriter group, Column column, int rows, ReadOnlyMemory<int>? defined, ReadOnlyMemory<int>? repeated)
    {
        if (Values.Length < rows)
            Values = new T[rows];
        ReadOnlyMemory<T> values = Take(column, rows);
        return defined is null ? group.WriteAsync(Field, values) : group.WriteAllPartsAsync(Field, values, defined, repeated, CancellationToken.None);
    }

    /// <summary>Returns the values that are present.</summary>
    protected abstract ReadOnlyMemory<T> Take(Column column, int rows);
}

/// <summary>Numbers, which Parquet may store as another type.</summary>
internal class ParquetNumbers<TFrom, T>(DataField field, Func<TFrom, T>? convert) : ParquetValues<T>(field)
    where TFrom : unmanaged
    where T : struct
{
    protected override ReadOnlyMemory<T> Take(Column column, int rows)
    {
        TFrom[] from = ((NumberColumn<TFrom>)column).Values;
        if (convert is null && column.Nulls == 0)
            return ((T[])(object)from).AsMemory(0, rows);
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!column.IsNull(row))
                Values[count++] = convert is null ? (T)(object)from[row] : convert(from[row]);
        }

        return Values.AsMemory(0, count);
    }
}

internal sealed class ParquetText(DataField field) : ParquetValues<ReadOnlyMemory<char>>(field)
{
    private char[] _text = [];

    protected override ReadOnlyMemory<ReadOnlyMemory<char>> Take(Column column, int rows)
    {
        var texts = (BytesColumn)column;
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

        return Values.AsMemory(0, count);
    }
}

internal sealed class ParquetBinary(DataField field) : ParquetValues<ReadOnlyMemory<byte>>(field)
{
    protected override ReadOnlyMemory<ReadOnlyMemory<byte>> Take(Column column, int rows)
    {
        var bytes = (BytesColumn)column;
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!column.IsNull(row))
                Values[count++] = bytes.Data[bytes.Offsets[row]..bytes.Offsets[row + 1]];
        }

        return Values.AsMemory(0, count);
    }
}
