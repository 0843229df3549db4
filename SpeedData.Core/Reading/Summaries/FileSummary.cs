using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>What the numeric signals of a file did, in groups of records in their order. A time that is not known is <see cref="Unknown"/>.</summary>
internal sealed class FileSummary(IReadOnlyList<SignalGroups> signals)
{
    /// <summary>Records of a group: a day at 100 Hz has 33,750 groups, and a group of large records is a fraction of a block.</summary>
    public const int GroupRecords = 256;

    public const long Unknown = long.MinValue;

    // Rows of a slice; see SignalGroups.
    private const int Slice = 256, MostRecords = 16 * GroupRecords;

    private int _bucket;

    public IReadOnlyList<SignalGroups> Signals => signals;

    public List<int> Records { get; } = [];

    public List<long> ReceivedFirst { get; } = [];

    public List<long> ReceivedLast { get; } = [];

    public List<long> DeviceFirst { get; } = [];

    public List<long> DeviceLast { get; } = [];

    public int Groups => Records.Count;

    /// <summary>Bytes of the file that it speaks of.</summary>
    public long Covered { get; set; }

    /// <summary>Adds the records of a file up to an end to what is known of those before them.</summary>
    /// <param name="head">The file.</param>
    /// <param name="known">What is known already; null for nothing. It is used up.</param>
    /// <param name="end">Where a block ends, or the file.</param>
    /// <param name="isWanted">Which signals, where nothing is known.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Null for a file without numeric signals.</returns>
    /// <exception cref="ReadingException">It cannot be read.</exception>
    public static FileSummary? Make(FileHead head, FileSummary? known, long end, Func<string, bool> isWanted, CancellationToken stop)
    {
        if (known?.Covered >= end)
            return known;
        return Make(head, known, default, new ByteRange(known?.Covered ?? 0, end), known is null ? isWanted : name => known.Signals.Any(signal => signal.Name == name), null, stop);
    }

    /// <summary>Reads a part of a file, whose groups end where this of a record's receive and device time changes.</summary>
    public static FileSummary? Make(FileHead head, TimeRange range, Func<string, bool> isWanted, Func<long, long, int> bucketOf, CancellationToken stop) => Make(head, null, range, ByteRange.All, isWanted, bucketOf, stop);

    private static FileSummary? Make(FileHead head, FileSummary? known, TimeRange range, ByteRange part, Func<string, bool> isWanted, Func<long, long, int>? bucketOf, CancellationToken stop)
    {
        Signal[] numeric = [.. Numeric(head)];
        if (numeric.Length == 0)
            return null;
        string[] names = [.. numeric.Select(signal => signal.Name).Where(isWanted)];
        // Records without any of the signals count all the same.
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

    /// <summary>The signals of a file that a summary has.</summary>
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

    // What came together stays together, so that a range of time never cuts between two groups at one moment.
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
