using System.Buffers;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>CSV after RFC 4180, with lines that end in LF. Null is empty, an empty text is <c>""</c>.</summary>
public sealed class CsvTableWriter(TableShape shape, Stream output) : TableWriter
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    public override void Begin()
    {
        var header = new RowText();
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            if (i > 0)
                header.Put(","u8);
            Text(TextCells.Utf8(shape.Columns[i].Name), header);
        }

        header.Put("\n"u8);
        output.Write(header.Written);
    }

    public override void Encode(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Encoded.Clear();
        IReadOnlyList<Column> columns = batch.Columns.Columns;
        for (int row = 0; row < batch.Columns.Rows; row++)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                if (i > 0)
                    batch.Encoded.Put((byte)',');
                if (!columns[i].IsNull(row))
                    Cell(columns[i], row, batch.Encoded);
            }

            batch.Encoded.Put((byte)'\n');
        }
    }

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        output.Write(batch.Encoded.Written);
    }

    public override void End() => output.Flush();

    private static void Cell(Column column, int row, RowText to)
    {
        switch (column.Spec.Kind)
        {
            case ColumnKind.Text or ColumnKind.Json:
                Text(((BytesColumn)column).Of(row), to);
                break;
            case ColumnKind.Binary:
                Binary(((BytesColumn)column).Of(row), to);
                break;
            case ColumnKind.Time:
                to.Advance(TextCells.Time(((NumberColumn<long>)column).Values[row], to.Room(TextCells.Longest)));
                break;
            default:
                int written = TextCells.Number(column, row, to.Room(TextCells.Longest));
                if (written < 0)
                    to.Put(TextCells.NotFinite(column, row));
                else
                    to.Advance(written);
                break;
        }
    }

    private static void Binary(ReadOnlySpan<byte> bytes, RowText to)
    {
        if (bytes.IsEmpty)
            to.Put("\"\""u8);
        else
            TextCells.Hex(bytes, to);
    }

    private static void Text(ReadOnlySpan<byte> text, RowText to)
    {
        if (!text.IsEmpty && !text.ContainsAny(Special))
        {
            to.Put(text);
            return;
        }

        to.Put((byte)'"');
        for (int quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            to.Put(text[..(quote + 1)]);
            to.Put((byte)'"');
            text = text[(quote + 1)..];
        }

        to.Put(text);
        to.Put((byte)'"');
    }
}
