using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>
/// Reads a range of a channel as a limited number of rows, each with the record count and the minimum, maximum and mean of every numeric
/// signal. Each row covers an equal part of the range. A summary's group counts for the part in which it starts. One thread.
/// </summary>
public sealed class PointTable
{
    private readonly ChannelSelection _channel;
    private readonly TableShape _shape;
    private readonly int _most;
    private readonly Dictionary<string, int> _signals;
    private readonly ColumnSpec[] _kinds;
    private readonly SortedDictionary<int, Point> _points = [];
    private long _begin;
    private long _length;

    // A value takes 48 bytes until it is written.
    private const int MostValues = 4_000_000;

    private IEnumerator<Point[]>? _next;

    private PointTable(ChannelSelection channel, TableShape shape, int most)
    {
        (_channel, _shape, _most) = (channel, shape, most);
        _kinds = [.. shape.Signals.Where(column => column.IsNumeric)];
        _signals = shape.NumericSignals.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
    }

    /// <param name="channel">The channel to read.</param>
    /// <param name="shape">The columns of its records.</param>
    /// <param name="most">The most rows.</param>
    /// <param name="stop">Cancels the reading.</param>
    public static PointTable Of(ChannelSelection channel, TableShape shape, int most, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(shape);
        var table = new PointTable(channel, shape, most);
        if ((long)most * table._kinds.Length > MostValues)
            throw new ReadingException($"--max-points {most:N0} of {table._kinds.Length:N0} signals are too many values; select fewer signals with --fields, or fewer points");
        table.Fill(stop);
        return table;
    }

    /// <summary>Fills a batch of <see cref="TableShape.OfPoints"/> with the next rows.</summary>
    /// <param name="batch">The batch to clear and fill.</param>
    /// <param name="most">The number of rows in a batch; only the first call sets it.</param>
    /// <returns>False if there are no more rows.</returns>
    public bool Fill(ColumnBatch batch, int most)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _next ??= _points.Values.Chunk(most).GetEnumerator();
        batch.Clear();
        if (!_next.MoveNext())
            return false;
        Point[] points = _next.Current;
        batch.Reserve(points.Length);
        for (int row = 0; row < points.Length; row++)
            points[row].Write(batch, row, _shape, _kinds, _channel.Name, _begin);
        batch.Add(points.Length);
        return true;
    }

    private void Fill(CancellationToken stop)
    {
        if (_channel.Files.Count == 0)
            return;
        IReadOnlyList<FileSummary?> summaries = FileSummaries.Of(_channel.Files, _signals.ContainsKey, stop);
        if (!FindSpan(summaries))
            return;
        long whole = summaries.Sum(summary => summary is null ? 0L : Enumerable.Range(0, summary.Groups).Count(group => IsWhole(summary, group)));
        for (int i = 0; i < summaries.Count; i++)
        {
            if (summaries[i] is not { } summary)
                continue;
            if (whole >= _most)
                AddGroups(_channel.Files[i], summary, stop);
            else
                AddRecords(_channel.Files[i], _channel.Range, stop);
        }
    }

    private bool FindSpan(IReadOnlyList<FileSummary?> summaries)
    {
        (long first, long last) = (long.MaxValue, long.MinValue);
        foreach (FileSummary summary in summaries.OfType<FileSummary>())
        {
            for (int group = 0; group < summary.Groups; group++)
            {
                (long from, long to) = TimesOf(summary, group);
                if (from == FileSummary.Unknown || !_channel.Range.Meets(from, to))
                    continue;
                (first, last) = (Math.Min(first, from), Math.Max(last, to));
            }
        }

        if (first > last)
            return false;
        _begin = _channel.Range.FromNs ?? first;
        _length = Math.Max(1, unchecked((_channel.Range.ToNs ?? (last + 1)) - _begin));
        return _length > 0;
    }

    private (long First, long Last) TimesOf(FileSummary summary, int group) =>
        _channel.Range.Clock == RangeClock.Received && summary.ReceivedFirst[group] != FileSummary.Unknown
            ? (summary.ReceivedFirst[group], summary.ReceivedLast[group])
            : (summary.DeviceFirst[group], summary.DeviceLast[group]);

    private bool IsWhole(FileSummary summary, int group)
    {
        (long first, long last) = TimesOf(summary, group);
        return first != FileSummary.Unknown && _channel.Range.ReceivedWithin is null && _channel.Range.Holds(first) && _channel.Range.Holds(last);
    }

    private void AddGroups(FileHead file, FileSummary summary, CancellationToken stop)
    {
        for (int group = 0; group < summary.Groups; group++)
        {
            (long first, long last) = TimesOf(summary, group);
            if (IsWhole(summary, group))
                Add(summary, group, BucketOf(first));
            else if (first != FileSummary.Unknown && _channel.Range.Meets(first, last))
                AddRecords(file, _channel.Range with { FromNs = Math.Max(first, _channel.Range.FromNs ?? first), ToNs = Math.Min(last + 1, _channel.Range.ToNs ?? (last + 1)) }, stop);
        }
    }

    private void AddRecords(FileHead file, TimeRange range, CancellationToken stop)
    {
        if (FileSummary.Make(file, range, _signals.ContainsKey, (received, device) => BucketOf(_channel.Range.Clock == RangeClock.Received && received != FileSummary.Unknown ? received : device), stop) is not { } records)
            return;
        for (int group = 0; group < records.Groups; group++)
            Add(records, group, BucketOf(TimesOf(records, group).First));
    }

    private int BucketOf(long ns) => (int)Int128.Clamp((Int128)unchecked(ns - _begin) * _most / _length, 0, _most - 1);

    private void Add(FileSummary summary, int group, int bucket)
    {
        if (!_points.TryGetValue(bucket, out Point? point))
            _points.Add(bucket, point = new Point(_kinds.Length));
        point.Add(summary, group, _signals);
    }
}
