using System.Numerics;
using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>One instruction of a <see cref="ColumnProgram"/>: takes a field, or several, of a record into columns. One thread.</summary>
internal abstract class FieldReader
{
    public abstract void Read(ref RecordBytes bytes, int row);

    /// <summary>The record has no such field here: a branch of a union that was not chosen.</summary>
    public virtual void SetNull(int row)
    {
    }

    /// <summary>After the rows of a slice were read.</summary>
    public virtual void Gather(ReadOnlySpan<byte> data, int firstRow, int rows)
    {
    }

    /// <summary>Before the rows of a slice are read.</summary>
    public virtual void Prepare(ColumnBatch batch, int rows)
    {
    }
}

/// <summary>Passes over bytes of fixed size.</summary>
internal sealed class FixedSkip(int size) : FieldReader
{
    public override void Read(ref RecordBytes bytes, int row) => bytes.Position += size;
}

/// <summary>Passes over any value.</summary>
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

/// <summary>A field that goes into one column.</summary>
internal abstract class ColumnReader : FieldReader
{
    /// <summary>The column that is filled from now on.</summary>
    public abstract void Attach(Column column);
}

/// <summary>The same for a column of some type.</summary>
internal abstract class ColumnReader<TColumn>(int index) : ColumnReader
    where TColumn : Column
{
    protected TColumn Column { get; private set; } = null!;

    public override void Attach(Column column) => Column = (TColumn)column;

    public override void Prepare(ColumnBatch batch, int rows) => Attach(batch.Columns[index]);

    public override void SetNull(int row) => Column.SetNull(row);
}

/// <summary>An int or long, which may be wanted wider.</summary>
internal sealed class IntegerReader<T>(int index) : ColumnReader<NumberColumn<T>>(index)
    where T : unmanaged, INumber<T>
{
    public override void Read(ref RecordBytes bytes, int row) => Column.Set(row, T.CreateTruncating(bytes.Long()));
}

/// <summary>A value of fixed width, which may be wanted wider.</summary>
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

/// <summary>A text, or bytes with their length.</summary>
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

/// <summary>A union of null and one other type.</summary>
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

/// <summary>The time field: as a time, and as a number.</summary>
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

        // The years 1677 to 2262 are what 64 bits of nanoseconds hold.
        _time.SetNull(row);
        _timeNs.SetNull(row);
    }
}

/// <summary>A column that the records of this schema do not have, or of the type null.</summary>
internal sealed class AbsentReader(int index) : ColumnReader<Column>(index)
{
    public override void Read(ref RecordBytes bytes, int row) => Column.SetNull(row);
}
