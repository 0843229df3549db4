using System.Buffers;
using System.Buffers.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Writes the cells of one column of a batch as CSV. Any thread.</summary>
internal abstract class CsvCells(Column column)
{
    private readonly bool _hasNulls = column.Nulls > 0;

    /// <summary>Whether cells may be longer than <see cref="TextCells.Longest"/>.</summary>
    public virtual bool IsText => false;

    /// <summary>The most bytes that the cell of a row can take.</summary>
    public virtual int Room(int row) => TextCells.Longest;

    /// <returns>Bytes written.</returns>
    public int Write(int row, Span<byte> to) => _hasNulls && column.IsNull(row) ? 0 : WriteValue(row, to);

    public static CsvCells Of(Column column) => column switch
    {
        NumberColumn<double> numbers => new CsvDoubles(numbers),
        NumberColumn<long> { Spec.Kind: ColumnKind.Time } times => new CsvTimes(times),
        NumberColumn<long> numbers => new CsvLongs(numbers),
        BytesColumn { Spec.Kind: ColumnKind.Binary } bytes => new CsvBinary(bytes),
        BytesColumn texts => new CsvTexts(texts),
        _ => new CsvNumbers(column),
    };

    protected abstract int WriteValue(int row, Span<byte> to);
}

internal sealed class CsvDoubles(NumberColumn<double> column) : CsvCells(column)
{
    private readonly double[] _values = column.Values;

    protected override int WriteValue(int row, Span<byte> to)
    {
        double value = _values[row];
        if (double.IsFinite(value))
            return DoubleText.Write(value, to);
        ReadOnlySpan<byte> text = TextCells.NotFinite(value);
        text.CopyTo(to);
        return text.Length;
    }
}

internal sealed class CsvLongs(NumberColumn<long> column) : CsvCells(column)
{
    protected override int WriteValue(int row, Span<byte> to)
    {
        Utf8Formatter.TryFormat(column.Values[row], to, out int written);
        return written;
    }
}

internal sealed class CsvTimes(NumberColumn<long> column) : CsvCells(column)
{
    protected override int WriteValue(int row, Span<byte> to) => TextCells.Time(column.Values[row], to);
}

/// <summary>Numbers and booleans.</summary>
internal sealed class CsvNumbers(Column column) : CsvCells(column)
{
    private readonly Column _column = column;

    protected override int WriteValue(int row, Span<byte> to)
    {
        int written = TextCells.Number(_column, row, to);
        if (written >= 0)
            return written;
        ReadOnlySpan<byte> text = TextCells.NotFinite(_column, row);
        text.CopyTo(to);
        return text.Length;
    }
}

/// <summary>Texts, quoted if necessary. An empty text is written as two quotes.</summary>
internal sealed class CsvTexts(BytesColumn column) : CsvCells(column)
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    private readonly BytesColumn _texts = column;

    public override bool IsText => true;

    public override int Room(int row) => Room(_texts.Of(row));

    /// <summary>The most bytes that the cell of a text can take.</summary>
    public static int Room(ReadOnlySpan<byte> text) => checked((2 * text.Length) + 2);

    /// <summary>Writes a text as a cell.</summary>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (!text.IsEmpty && !text.ContainsAny(Special))
        {
            text.CopyTo(to);
            return text.Length;
        }

        int at = 0;
        to[at++] = (byte)'"';
        for (int quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            text[..(quote + 1)].CopyTo(to[at..]);
            at += quote + 1;
            to[at++] = (byte)'"';
            text = text[(quote + 1)..];
        }

        text.CopyTo(to[at..]);
        at += text.Length;
        to[at++] = (byte)'"';
        return at;
    }

    protected override int WriteValue(int row, Span<byte> to) => Write(_texts.Of(row), to);
}

/// <summary>Bytes as hexadecimal digits. An empty value is written as two quotes.</summary>
internal sealed class CsvBinary(BytesColumn column) : CsvCells(column)
{
    private readonly BytesColumn _bytes = column;

    public override bool IsText => true;

    public override int Room(int row) => CsvTexts.Room(_bytes.Of(row));

    protected override int WriteValue(int row, Span<byte> to)
    {
        ReadOnlySpan<byte> bytes = _bytes.Of(row);
        if (bytes.IsEmpty)
            return CsvTexts.Write(bytes, to);
        TextCells.Hex(bytes, to);
        return 2 * bytes.Length;
    }
}
