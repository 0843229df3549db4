using System.Runtime.CompilerServices;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Writes CSV as in RFC 4180, but with LF line ends. Null is an empty cell, an empty text is <c>""</c>.</summary>
public sealed class CsvTableWriter : TableWriter
{
    private readonly TableShape _shape;
    private readonly Stream _output;

    public CsvTableWriter(TableShape shape, Stream output)
    {
        (_shape, _output) = (shape, output);
        RuntimeHelpers.RunClassConstructor(typeof(PowersOfTen).TypeHandle);
    }

    /// <summary>Small enough that the rows and their text stay in the processor's cache.</summary>
    public override int BatchRows => 1 << 10;

    public override void Begin()
    {
        var header = new RowText();
        for (int i = 0; i < _shape.Columns.Count; i++)
        {
            if (i > 0)
                header.Put((byte)',');
            byte[] name = TextCells.Utf8(_shape.Columns[i].Name);
            header.Advance(CsvTexts.Write(name, header.Room(CsvTexts.Room(name))));
        }

        header.Put((byte)'\n');
        _output.Write(header.Written);
    }

    public override int Encoders => Environment.ProcessorCount;

    public override void Encode(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Encoded.Clear();
        CsvCells[] columns = [.. batch.Columns.Columns.Select(CsvCells.Of)];
        CsvCells[] texts = [.. columns.Where(column => column.IsText)];
        int numbers = ((columns.Length - texts.Length) * TextCells.Longest) + columns.Length;
        for (int row = 0; row < batch.Columns.Rows; row++)
            Row(columns, row, batch.Encoded, checked(numbers + RoomOf(texts, row)));
    }

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _output.Write(batch.Encoded.Written);
    }

    public override void End() => _output.Flush();

    private static int RoomOf(CsvCells[] texts, int row)
    {
        int room = 0;
        foreach (CsvCells text in texts)
            room = checked(room + text.Room(row));
        return room;
    }

    private static void Row(CsvCells[] columns, int row, RowText into, int room)
    {
        Span<byte> to = into.Room(room);
        int at = 0;
        foreach (CsvCells column in columns)
        {
            at += column.Write(row, to[at..]);
            to[at++] = (byte)',';
        }

        to[at - 1] = (byte)'\n';
        into.Advance(at);
    }
}
