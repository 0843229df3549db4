using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>
/// Writes one JSON object per row: one per line (<c>jsonl</c>), or all in one array (<c>json</c>). 64-bit integers keep every digit. NaN
/// and the infinities are texts.
/// </summary>
public sealed class JsonTableWriter(TableShape shape, Stream output, bool asArray) : TableWriter
{
    private readonly JsonRow _row = new(shape);
    private bool _isFirst = true;

    public override void Begin()
    {
        if (asArray)
            output.Write("[\n"u8);
    }

    public override int Encoders => Environment.ProcessorCount;

    public override void Encode(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Encoded.Clear();
        IReadOnlyList<Column> columns = batch.Columns.Columns;
        for (int row = 0; row < batch.Columns.Rows; row++)
        {
            if (asArray && row > 0)
                batch.Encoded.Put(",\n"u8);
            _row.Write(columns, row, batch.Encoded);
            if (!asArray)
                batch.Encoded.Put("\n"u8);
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
}
