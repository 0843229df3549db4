using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>One row of a <see cref="PointTable"/> under construction.</summary>
internal sealed class Point(int signals)
{
    private readonly (double Min, double Max, double Sum, long LongMin, long LongMax, long Count)[] _signals =
        [.. Enumerable.Repeat((double.PositiveInfinity, double.NegativeInfinity, 0.0, long.MaxValue, long.MinValue, 0L), signals)];

    private long _received = FileSummary.Unknown;
    private long _device = FileSummary.Unknown;
    private long _records;

    public void Add(FileSummary summary, int group, Dictionary<string, int> places)
    {
        if (_records == 0)
            (_received, _device) = (summary.ReceivedFirst[group], summary.DeviceFirst[group]);
        _records += summary.Records[group];
        foreach (SignalGroups signal in summary.Signals)
        {
            if (signal.Count[group] > 0 && places.TryGetValue(signal.Name, out int place))
                Add(ref _signals[place], signal, group);
        }
    }

    public void Write(ColumnBatch batch, int row, TableShape shape, ColumnSpec[] kinds, string channel, long beginNs)
    {
        int at = 0;
        if (shape.HasChannel)
            ((BytesColumn)batch.Columns[at++]).Set(row, Encoding.UTF8.GetBytes(channel));
        if (shape.HasTime)
        {
            Time((NumberColumn<long>)batch.Columns[at++], row, _device);
            Time((NumberColumn<long>)batch.Columns[at++], row, _device);
        }

        ((NumberColumn<double>)batch.Columns[at++]).Set(row, ((_received == FileSummary.Unknown ? _device : _received) - beginNs) / 1e9);
        for (int i = 0; i < kinds.Length; i++, at += 3)
        {
            Number(batch.Columns[at], row, _signals[i].Count, _signals[i].Min, _signals[i].LongMin);
            Number(batch.Columns[at + 1], row, _signals[i].Count, _signals[i].Max, _signals[i].LongMax);
            Number(batch.Columns[at + 2], row, _signals[i].Count, _signals[i].Sum / _signals[i].Count, 0);
        }

        Time((NumberColumn<long>)batch.Columns[at++], row, _received);
        ((NumberColumn<long>)batch.Columns[at]).Set(row, _records);
    }

    private static void Add(ref (double Min, double Max, double Sum, long LongMin, long LongMax, long Count) here, SignalGroups signal, int group)
    {
        here.Min = Math.Min(here.Min, signal.Min[group]);
        here.Max = Math.Max(here.Max, signal.Max[group]);
        here.Sum += signal.Sum[group];
        here.Count += signal.Count[group];
        (long min, long max) = signal.Kind == ColumnKind.Int64 ? (signal.LongMin[group], signal.LongMax[group]) : ((long)signal.Min[group], (long)signal.Max[group]);
        here.LongMin = Math.Min(here.LongMin, min);
        here.LongMax = Math.Max(here.LongMax, max);
        if (signal.Kind != ColumnKind.Int64)
            return;
        here.Min = Math.Min(here.Min, min);
        here.Max = Math.Max(here.Max, max);
    }

    private static void Time(NumberColumn<long> column, int row, long ns)
    {
        if (ns == FileSummary.Unknown)
            column.SetNull(row);
        else
            column.Set(row, ns);
    }

    private static void Number(Column column, int row, long count, double value, long whole)
    {
        if (count == 0)
        {
            column.SetNull(row);
            return;
        }

        switch (column)
        {
            case NumberColumn<double> numbers:
                numbers.Set(row, value);
                break;
            case NumberColumn<float> numbers:
                numbers.Set(row, (float)value);
                break;
            case NumberColumn<int> numbers:
                numbers.Set(row, (int)whole);
                break;
            case NumberColumn<long> numbers:
                numbers.Set(row, whole);
                break;
        }
    }
}
