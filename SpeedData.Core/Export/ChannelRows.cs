using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Align;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Reading.Summaries;

namespace SpeedData.Core.Export;

/// <summary>Reads the rows of one channel for an export: records, points or grid times. One thread.</summary>
internal sealed class ChannelRows : IDisposable
{
    private readonly RecordReader? _records;
    private readonly AlignedTable? _grid;
    private readonly PointTable? _points;
    private readonly int _batchRows;

    /// <param name="channel">The channel to read.</param>
    /// <param name="choice">The signals to read.</param>
    /// <param name="options">The options of the export.</param>
    /// <param name="batchRows">The number of rows in a batch.</param>
    /// <param name="stop">Cancels the reading.</param>
    public ChannelRows(ChannelSelection channel, FieldChoice choice, ExportOptions options, int batchRows, CancellationToken stop)
    {
        if (options.AlignNs is { } period)
        {
            _grid = new AlignedTable([channel], choice, period, stop);
            Shape = _grid.Shape;
            return;
        }

        TableShape shape = ChannelSelection.Shape([channel], choice);
        Shape = options.MaxPoints is null ? shape : shape.OfPoints();
        if (options.MaxPoints is { } most)
            (_points, _batchRows) = (PointTable.Of(channel, shape, most, stop), Shape.BatchRows(batchRows));
        else
            _records = new RecordReader(channel, shape, options.Every, batchRows, stop);
    }

    public TableShape Shape { get; }

    public long BytesDone => _records?.BytesDone ?? _grid?.BytesDone ?? 0;

    public long Damaged => _records?.Damaged ?? _grid?.Damaged ?? 0;

    /// <summary>
    /// Offers the signals of all channels to the choice, so that a field pattern counts as used if any channel has a match.
    /// </summary>
    public static void Look(IEnumerable<ChannelSelection> channels, FieldChoice choice)
    {
        foreach (var head in channels.SelectMany(channel => channel.SchemaHeads()))
        {
            foreach (Signal signal in Signal.Of(head.Layout!))
                choice.Wants(signal.Name);
        }
    }

    /// <returns>False if there are no more rows.</returns>
    public bool Fill(ColumnBatch batch)
    {
        if (_records is not null)
            return _records.Fill(batch);
        if (_grid is not null)
            return _grid.Fill(batch);
        return _points is not null && _points.Fill(batch, _batchRows);
    }

    public void Dispose()
    {
        _records?.Dispose();
        _grid?.Dispose();
    }
}
