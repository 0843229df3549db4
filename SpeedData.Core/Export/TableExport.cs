using SpeedData.Core.Export.Hdf5;
using SpeedData.Core.Export.Mcap;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Align;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Reading.Summaries;

namespace SpeedData.Core.Export;

/// <summary>The result of an export.</summary>
public sealed record ExportResult(long Rows, long Damaged);

/// <summary>The options of an export.</summary>
/// <param name="Format">The output format.</param>
/// <param name="Every">Writes one row for every n-th record.</param>
/// <param name="MaxPoints">The most rows, each of many records; null for a row per record.</param>
/// <param name="AlignNs">The time between rows of one grid for all channels; null for a row per record.</param>
/// <param name="IsLossy">Whether values that the format cannot store are written as text.</param>
/// <param name="KeepsNs">Whether times in Parquet keep their nanoseconds.</param>
public sealed record ExportOptions(ExportFormat Format, long Every = 1, int? MaxPoints = null, long? AlignNs = null, bool IsLossy = false, bool KeepsNs = false)
{
    /// <summary>Metadata for hdf5, mcap, parquet and arrow files.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();
}

/// <summary>Writes channels as one table.</summary>
public static class TableExport
{
    /// <param name="channels">The channels, written one after the other.</param>
    /// <param name="choice">The signals to write.</param>
    /// <param name="options">The options of the export.</param>
    /// <param name="output">The stream that receives the table.</param>
    /// <param name="progress">Receives the bytes read and the rows written so far.</param>
    /// <param name="stop">Cancels the export.</param>
    /// <exception cref="ReadingException">The recording cannot be read, or the format cannot store a column.</exception>
    public static ExportResult Run(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, ExportOptions options, Stream output, Action<long, long>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Format == ExportFormat.Hdf5)
            return new Hdf5Export(channels, choice, options, stop).Run(output, progress);
        if (options.Format == ExportFormat.Mcap)
            return McapExport.Run(channels, choice, options, output, progress, stop);
        if (options.Format is ExportFormat.Parquet or ExportFormat.Arrow)
            choice = choice.WithLists();
        if (options.AlignNs is { } period)
            return Aligned(channels, choice, period, options, output, progress, stop);
        TableShape shape = ChannelSelection.Shape(channels, choice);
        if (options.MaxPoints is { } points)
            return Points(channels, shape, points, options, output, stop);
        using TableWriter writer = WriterFor(options, shape, output);
        using var reader = new ChannelSequence(channels, shape, options.Every, writer.BatchRows, stop);
        writer.Begin();
        long rows = new ExportPipeline(shape, writer, stop).Run(reader.Fill, progress is null ? null : written => progress(reader.BytesDone, written));
        writer.End();
        return new ExportResult(rows, reader.Damaged);
    }

    private static ExportResult Aligned(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, long periodNs, ExportOptions options, Stream output, Action<long, long>? progress, CancellationToken stop)
    {
        using var table = new AlignedTable(channels, choice, periodNs, stop);
        using TableWriter writer = WriterFor(options, table.Shape, output);
        writer.Begin();
        long rows = new ExportPipeline(table.Shape, writer, stop).Run(table.Fill, progress is null ? null : written => progress(table.BytesDone, written));
        writer.End();
        return new ExportResult(rows, table.Damaged);
    }

    private static ExportResult Points(IReadOnlyList<ChannelSelection> channels, TableShape shape, int most, ExportOptions options, Stream output, CancellationToken stop)
    {
        TableShape points = shape.OfPoints();
        using TableWriter writer = WriterFor(options, points, output);
        var batch = new ExportBatch(points);
        writer.Begin();
        long rows = 0;
        foreach (ChannelSelection channel in channels)
        {
            PointTable table = PointTable.Of(channel, shape, most, stop);
            while (table.Fill(batch.Columns, points.BatchRows(writer.BatchRows)))
            {
                writer.Encode(batch);
                writer.Write(batch);
                rows += batch.Columns.Rows;
            }
        }

        writer.End();
        return new ExportResult(rows, 0);
    }

    internal static TableWriter WriterFor(ExportOptions options, TableShape shape, Stream output) => options.Format switch
    {
        ExportFormat.Csv => new CsvTableWriter(shape, output),
        ExportFormat.Jsonl => new JsonTableWriter(shape, output, asArray: false),
        ExportFormat.Json => new JsonTableWriter(shape, output, asArray: true),
        ExportFormat.Parquet => new ParquetTableWriter(shape, output, options.IsLossy, options.KeepsNs) { Notes = options.Notes },
        ExportFormat.Arrow => new ArrowTableWriter(shape, output, options.IsLossy, options.Notes),
        _ => throw new ReadingException($"{options.Format} is not a table format"),
    };
}
