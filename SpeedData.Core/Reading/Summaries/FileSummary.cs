using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>A summary of a file's numeric signals in groups of consecutive records. An unknown time is <see cref="Unknown"/>.</summary>
internal sealed class FileSummary(IReadOnlyList<SignalGroups> signals)
{
    /// <summary>
    /// The number of records in a group. A day at 100 Hz has 33,750 groups, and a group of large records is a fraction of a block.
    /// </summary>
    public const int GroupRecords = 256;

    public const long Unknown = long.MinValue;

    // Number of rows in a slice; see SignalGroups.
    private const int Slice = 256, MostRecords = 16 * GroupRecords;

    private int _bucket;

    public IReadOnlyList<SignalGroups> Signals => signals;

    public List<int> Records { get; } = [];

    public List<long> ReceivedFirst { get; } = [];

    public List<long> ReceivedLast { get; } = [];

    public List<long> DeviceFirst { get; } = [];

    public List<long> DeviceLast { get; } = [];

    public int Groups => Records.Count;

    /// <summary>Number of bytes of the file that the summary covers.</summary>
    public long Covered { get; set; }

    /// <summary>Extends a summary with the records of a file up to an end.</summary>
    /// <param name="head">The file.</param>
    /// <param name="known">The summary to extend; null for a new one. It is modified.</param>
    /// <param name="end">End of a block or of the file.</param>
    /// <param name="isWanted">Selects the signals of a new summary.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <returns>Null for a file without numeric signals.</returns>
    /// <exception cref="ReadingException">The file cannot be read.</exception>
    public static FileSummary? Make(FileHead head, FileSummary? known, long end, Func<string, bool> isWanted, CancellationToken stop)
    {
        if (known?.Covered >= end)
            return known;
        return Make(head, known, default, new ByteRange(known?.Covered ?? 0, end), known is null ? isWanted : name => known.Signals.Any(signal => signal.Name == name), null, stop);
    }

    /// <summary>Summarizes a part of a file. A group ends when the bucket of a record's receive and device time changes.</summary>
    public static FileSummary? Make(FileHead head, TimeRange range, Func<string, bool> isWanted, Func<long, long, int> bucketOf, CancellationToken stop) => Make(head, null, range, ByteRange.All, isWanted, bucketOf, stop);

    private static FileSummary? Make(FileHead head, FileSummary? known, TimeRange range, ByteRange part, Func<string, bool> isWanted, Func<long, long, int>? bucketOf, CancellationToken stop)
    {
        Signal[] numeric = [.. Numeric(head)];
        if (numeric.Length == 0)
            return null;
        string[] names = [.. numeric.Select(signal => signal.Name).Where(isWanted)];
        // Even without a selected signal, records are counted.
        if (names.Length == 0)
            names = [numeric[0].Name];
        ChannelSelection selection = ChannelSelection.Of(head, range, part);
        TableShape shape = ChannelSelection.Shape([selection], FieldChoice.Of(names));
        int[] columns = known is { Signals.Count: 0 } ? [] : [.. Enumerable.Range(0, shape.Columns.Count).Where(i => i >= shape.FirstSignal && i < shape.Received && shape.Columns[i].IsNumeric)];
        FileSummary summary = known ?? new FileSummary([.. columns.Select((column, i) => new SignalGroups(names[i], shape.Columns[column].Kind))]);
        using var reader = new RecordReader(selection, shape, 1, 8 << 10, stop);
        var batch = new ColumnBatch(shape.Columns);
        while (reader.Fill(batch))
            summary.Add(batch, shape, columns, bucketOf);
        summary.Covered = part.To;
        return summary;
    }

    /// <summary>Returns the signals of a file that its summary includes.</summary>
    public static IEnumerable<Signal> Numeric(FileHead head) => Signal.Of(head.Layout!).Where(signal => IsNumeric(signal.Kind) && signal.Name != head.Time?.Name);

    private static bool IsNumeric(ColumnKind kind) => kind is ColumnKind.Int32 or ColumnKind.Int64 or ColumnKind.Float32 or ColumnKind.Float64;

    private void Add(ColumnBatch batch, TableShape shape, int[] columns, Func<long, long, int>? bucketOf)
    {
        var received = (NumberColumn<long>)batch.Columns[shape.Received];
        NumberColumn<long>? device = shape.HasTime ? (NumberColumn<long>)batch.Columns[shape.Time] : null;
        for (int from = 0; from < batch.Rows;)
        {
            if (IsEnd(received, device, from, bucketOf))
                Begin();
            int to = from + 1;
            while (to < batch.Rows && to - from < Slice && (bucketOf is null ? Records[^1] + to - from < GroupRecords || IsSame(received, to) : BucketAt(received, device, to, bucketOf) == _bucket))
                to++;
            for (int i = 0; i < columns.Length; i++)
                signals[i].Add(batch.Columns[columns[i]], from, to);
            Span(received, from, to, ReceivedFirst, ReceivedLast);
            if (device is not null)
                Span(device, from, to, DeviceFirst, DeviceLast);
            Records[^1] += to - from;
            from = to;
        }
    }

    private bool IsEnd(NumberColumn<long> received, NumberColumn<long>? device, int row, Func<long, long, int>? bucketOf)
    {
        if (bucketOf is null)
            return Groups == 0 || (Records[^1] >= GroupRecords && (received.IsNull(row) || received.Values[row] != ReceivedLast[^1] || Records[^1] >= MostRecords));
        int before = _bucket;
        _bucket = BucketAt(received, device, row, bucketOf);
        return Groups == 0 || before != _bucket;
    }

    // Records with the same time of receipt stay in one group, so that a time range never cuts between two groups with the same time.
    private bool IsSame(NumberColumn<long> received, int row) =>
        !received.IsNull(row) && !received.IsNull(row - 1) && received.Values[row] == received.Values[row - 1] && Records[^1] < MostRecords;

    private static int BucketAt(NumberColumn<long> received, NumberColumn<long>? device, int row, Func<long, long, int> bucketOf) =>
        bucketOf(received.IsNull(row) ? Unknown : received.Values[row], device is null || device.IsNull(row) ? Unknown : device.Values[row]);

    private void Begin()
    {
        Records.Add(0);
        foreach (List<long> times in (List<long>[])[ReceivedFirst, ReceivedLast, DeviceFirst, DeviceLast])
            times.Add(Unknown);
        foreach (SignalGroups signal in signals)
            signal.Begin();
    }

    private static void Span(NumberColumn<long> times, int from, int to, List<long> first, List<long> last)
    {
        for (int row = from; row < to; row++)
        {
            if (times.IsNull(row))
                continue;
            long ns = times.Values[row];
            first[^1] = first[^1] == Unknown ? ns : Math.Min(first[^1], ns);
            last[^1] = Math.Max(last[^1], ns);
        }
    }
}
