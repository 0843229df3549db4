using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect;

/// <summary>Reads the reported fields from the records of good blocks: the time and the counter. One thread.</summary>
internal sealed class RecordVisit
{
    private readonly RecordLayout _layout;
    private readonly FileReport _report;
    private readonly CounterCheck? _check;
    private readonly TimeField? _time;
    private readonly IntegerField? _counter;

    public RecordVisit(RecordLayout layout, TimeField? time, FileReport report, CounterCheck? check, CounterOptions? counter)
    {
        (_layout, _report, _check) = (layout, report, check);
        _time = time;
        report.TimeUnitNs = _time?.UnitNs ?? 1;
        if (counter is null)
            return;
        _counter = IntegerField.Find(layout, counter.Field);
        if (_counter is null)
            report.Findings.Add(FindingKind.NoCounter, null, null, $"the record has no top-level int or long named '{counter.Field}'");
        else
            report.Counter = new CounterTally();
    }

    /// <param name="records">The decoded complete records of a block.</param>
    /// <param name="verdict">The result of checking the block.</param>
    /// <param name="offset">Offset of the block.</param>
    public void See(ReadOnlySpan<byte> records, in BlockVerdict verdict, long offset)
    {
        if (records.IsEmpty)
            return;
        if (_time is not null && _report.DeviceFirstNs is null && _time.TryRead(records, out long first))
            _report.DeviceFirstNs = first;
        if (_time is not null && _time.TryRead(records[verdict.Last..], out long last))
            _report.DeviceLastNs = last;
        if (_counter is not null)
            Count(records, offset);
    }

    private void Count(ReadOnlySpan<byte> records, long offset)
    {
        // All records of the block match the schema, and a record with a counter is not empty.
        for (int at = 0; at < records.Length && _layout.Measure(records[at..], out int length) == RecordFaultKind.None; at += length)
        {
            if (_counter!.TryRead(records[at..], out long value) && _check!.Next(value, _counter.Bits, _report.Counter!) is { } told)
                _report.Findings.Add(told.Kind, offset, null, told.Detail);
        }
    }
}
