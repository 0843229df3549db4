using System.Numerics;
using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>One instruction of a <see cref="ColumnProgram"/>: reads one or several fields of a record into columns. One thread.</summary>
internal abstract class FieldReader
{
    public abstract void Read(ref RecordBytes bytes, int row);

    /// <summary>Sets the columns to null for a row that lacks the field, because a union has another branch.</summary>
    public virtual void SetNull(int row)
    {
    }

    /// <summary>Called after the rows of a slice were read.</summary>
    public virtual void Gather(ReadOnlySpan<byte> data, int firstRow, int rows)
    {
    }

    /// <summary>Called before the rows of a slice are read.</summary>
    public virtual void Prepare(ColumnBatch batch, int rows)
    {
    }
}

/// <summary>Skips bytes of fixed size.</summary>
internal sealed class FixedSkip(int size) : FieldReader
{
    public override void Read(ref RecordBytes bytes, int row) => bytes.Position += size;
}

/// <summary>Skips any value.</summary>
internal sealed class ValueSkip : FieldReader
{
    private readonly LayoutNode _value;

    public ValueSkip(LayoutNode value)
    {
        _value = new LayoutNode(AvroType.Record) { Fields = [new LayoutField("value", value)] };
        _value.Steps = Step.Inside(_value, merge: true);
    }

    public override void Read(ref RecordBytes bytes, int row)
    {
        var walk = new RecordWalk<NoTrace>(bytes.Rest, default);
        walk.Record(_value);
        bytes.Position += walk.Position;
    }
}

/// <summary>Reads a field into one column.</summary>
internal abstract class ColumnReader : FieldReader
{
    /// <summary>Sets the column to fill from now on.</summary>
    public abstract void Attach(Column column);
}

/// <summary>Reads a field into a column of one type.</summary>
internal abstract class ColumnReader<TColumn>(int index) : ColumnReader
    where TColumn : Column
{
    protected TColumn Column { get; private set; } = null!;

    public override void Attach(Column column) => Column = (TColumn)column;

    public override void Prepare(ColumnBatch batch, int rows) => Attach(batch.Columns[index]);

    public override void SetNull(int row) => Column.SetNull(row);
}

/// <summary>Reads an int or long, possibly into a wider type.</summary>
internal sealed class IntegerReader<T>(int index) : ColumnReader<NumberColumn<T>>(index)
    where T : unmanaged, INumber<T>
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, T.CreateTruncating(bytes.Long()));
}

/// <summary>Reads a value of fixed width, possibly into a wider type.</summary>
internal sealed class FloatReader<TFrom, T>(int index) : ColumnReader<NumberColumn<T>>(index)
    where TFrom : unmanaged, INumber<TFrom>
    where T : unmanaged, INumber<T>
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, T.CreateTruncating(bytes.Fixed<TFrom>()));
}

internal sealed class BooleanReader(int index) : ColumnReader<NumberColumn<byte>>(index)
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, bytes.Fixed<byte>());
}

/// <summary>Reads a text, or bytes with their length.</summary>
internal sealed class CountedReader(int index) : ColumnReader<BytesColumn>(index)
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, bytes.Counted());
}

internal sealed class FixedReader(int index, int size) : ColumnReader<BytesColumn>(index)
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, bytes.Take(size));
}

internal sealed class EnumReader(int index, IReadOnlyList<string> symbols) : ColumnReader<BytesColumn>(index)
{
    private readonly byte[][] _symbols = [.. symbols.Select(Encoding.UTF8.GetBytes)];

    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, _symbols[(int)bytes.Long()]);
}

internal sealed class JsonReader(int index, LayoutNode node) : ColumnReader<BytesColumn>(index)
{
    private readonly JsonText _text = new();

    public override void Read(ref RecordBytes bytes, int row)
    {
        LayoutNode value = node.Type == AvroType.Union ? node.Branches[(int)bytes.Long()] : node;
        if (value.Type == AvroType.Null)
            Column.SetNull(row);
        else
            Column.Set(row, _text.Of(value, ref bytes));
    }
}

/// <summary>Reads a union of null and one other type.</summary>
internal sealed class OptionalReader(bool isNullFirst, IReadOnlyList<FieldReader> inner) : FieldReader
{
    public override void Read(ref RecordBytes bytes, int row)
    {
        bool isNull = (bytes.Long() == 0) == isNullFirst;
        foreach (FieldReader reader in inner)
        {
            if (isNull)
                reader.SetNull(row);
            else
                reader.Read(ref bytes, row);
        }
    }

    public override void SetNull(int row)
    {
        foreach (FieldReader reader in inner)
            reader.SetNull(row);
    }

    public override void Prepare(ColumnBatch batch, int rows)
    {
        foreach (FieldReader reader in inner)
            reader.Prepare(batch, rows);
    }
}

/// <summary>Reads the time field as a time and as a number.</summary>
internal sealed class TimeReader(int time, int timeNs, long unitNs) : FieldReader
{
    private NumberColumn<long> _time = null!;
    private NumberColumn<long> _timeNs = null!;

    public override void Prepare(ColumnBatch batch, int rows) =>
        (_time, _timeNs) = ((NumberColumn<long>)batch.Columns[time], (NumberColumn<long>)batch.Columns[timeNs]);

    public override void Read(ref RecordBytes bytes, int row)
    {
        long high = Math.BigMul(bytes.Long(), unitNs, out long low);
        if (high == low >> 63)
        {
            _time.Set(row, low);
            _timeNs.Set(row, low);
            return;
        }

        // 64 bits of nanoseconds cover the years 1677 to 2262.
        _time.SetNull(row);
        _timeNs.SetNull(row);
    }
}

/// <summary>Fills a column that the records of this schema lack, or have with the type null.</summary>
internal sealed class AbsentReader(int index) : ColumnReader<Column>(index)
{
    public override void Read(ref RecordBytes bytes, int row) => Column.SetNull(row);
}
