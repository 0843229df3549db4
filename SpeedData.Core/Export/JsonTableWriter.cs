using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>
/// One JSON object a row: by lines (<c>jsonl</c>), or all in one array (<c>json</c>). 64-bit integers keep every digit. NaN and
/// the infinities are texts.
/// </summary>
public sealed class JsonTableWriter(TableShape shape, Stream output, bool asArray) : TableWriter
{
    private readonly byte[][] _names = [.. shape.Columns.Select((column, i) => TextCells.Utf8((i > 0 ? "," : "{") + JsonSerializer.Serialize(column.Name, JsonNames.Default.String) + ":"))];
    private bool _isFirst = true;

    public override void Begin()
    {
        if (asArray)
            output.Write("[\n"u8);
    }

    public override void Encode(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Encoded.Clear();
        IReadOnlyList<Column> columns = batch.Columns.Columns;
        for (int row = 0; row < batch.Columns.Rows; row++)
        {
            if (asArray && row > 0)
                batch.Encoded.Put(",\n"u8);
            for (int i = 0; i < columns.Count; i++)
            {
                batch.Encoded.Put(_names[i]);
                Cell(columns[i], row, batch.Encoded);
            }

            batch.Encoded.Put(asArray ? "}"u8 : "}\n"u8);
        }
    }

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (asArray && !_isFirst)
            output.Write(",\n"u8);
        _isFirst = false;
        output.Write(batch.Encoded.Written);
    }

    public override void End()
    {
        if (asArray)
            output.Write("\n]\n"u8);
        output.Flush();
    }

    private static void Cell(Column column, int row, RowText to)
    {
        if (column.IsNull(row))
        {
            to.Put("null"u8);
            return;
        }

        switch (column.Spec.Kind)
        {
            case ColumnKind.Json:
                to.Put(((BytesColumn)column).Of(row));
                break;
            case ColumnKind.Text:
                Text(((BytesColumn)column).Of(row), to);
                break;
            case ColumnKind.Binary:
                to.Put("\""u8);
                TextCells.Hex(((BytesColumn)column).Of(row), to);
                to.Put("\""u8);
                break;
            case ColumnKind.Time:
                to.Put("\""u8);
                to.Advance(TextCells.Time(((NumberColumn<long>)column).Values[row], to.Room(TextCells.Longest)));
                to.Put("\""u8);
                break;
            default:
                Number(column, row, to);
                break;
        }
    }

    private static void Number(Column column, int row, RowText to)
    {
        int written = TextCells.Number(column, row, to.Room(TextCells.Longest));
        if (written >= 0)
        {
            to.Advance(written);
            return;
        }

        to.Put("\""u8);
        to.Put(TextCells.NotFinite(column, row));
        to.Put("\""u8);
    }

    private static void Text(ReadOnlySpan<byte> text, RowText to)
    {
        if (JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(text) < 0)
        {
            to.Put("\""u8);
            to.Put(text);
            to.Put("\""u8);
            return;
        }

        to.Put("\""u8);
        to.Put(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        to.Put("\""u8);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonNames : System.Text.Json.Serialization.JsonSerializerContext;
