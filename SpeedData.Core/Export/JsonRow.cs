using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Writes a row as one JSON object. 64-bit integers keep every digit; NaN and the infinities are texts. Any thread.</summary>
internal sealed class JsonRow(TableShape shape)
{
    private readonly byte[][] _names = [.. shape.Columns.Select((column, i) => TextCells.Utf8((i > 0 ? "," : "{") + JsonSerializer.Serialize(column.Name, JsonNames.Default.String) + ":"))];

    public void Write(IReadOnlyList<Column> columns, int row, RowText to)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            to.Put(_names[i]);
            Cell(columns[i], row, to);
        }

        to.Put("}"u8);
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
