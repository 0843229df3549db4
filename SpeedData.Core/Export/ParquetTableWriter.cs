using Parquet;
using Parquet.Schema;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>
/// Writes Parquet with a row group per batch. Times are TIMESTAMP(MICROS, UTC), which every reader supports, unless nanoseconds are
/// requested. The column <c>time_ns</c> always has nanoseconds.
/// </summary>
public sealed class ParquetTableWriter : TableWriter
{
    private readonly TableShape _shape;
    private readonly BehindStream _behind;
    private readonly ForwardStream _output;
    private readonly ParquetColumn[] _columns;
    private ParquetWriter? _writer;

    /// <exception cref="Reading.ReadingException">Parquet cannot store a column.</exception>
    public ParquetTableWriter(TableShape shape, Stream output, bool isLossy, bool keepsNs)
    {
        ArgumentNullException.ThrowIfNull(shape);
        PlacedColumns.Demand(shape, "parquet", isLossy);
        (_shape, _behind) = (shape, new BehindStream(output));
        _output = new ForwardStream(_behind);
        _columns = [.. shape.Columns.Select(column => ParquetColumn.For(column, keepsNs))];
    }

    /// <summary>Additional metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    public override int BatchRows => 64 << 10;

    public override void Begin()
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy };
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_columns.Select(column => column.Place)), _output, options).GetAwaiter().GetResult();
        foreach (ParquetColumn column in _columns)
            column.Begin();
        var metadata = _shape.Columns.Where(column => column.Unit is not null).ToDictionary(column => "unit." + column.Name, column => column.Unit!);
        foreach ((string key, string value) in Notes)
            metadata[key] = value;
        _writer.CustomMetadata = metadata;
    }

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using ParquetRowGroupWriter group = _writer!.CreateRowGroup();
        for (int i = 0; i < _columns.Length; i++)
            _columns[i].WriteAsync(group, batch.Columns.Columns[i], batch.Columns.Rows).GetAwaiter().GetResult();
    }

    public override void End()
    {
        _writer!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _writer = null;
        _behind.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        _behind.Dispose();
        base.Dispose(disposing);
    }
}
