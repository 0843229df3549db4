namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Computes results field by field. A result is a copy of the window's last record, with computed fields replaced; min-max also
/// makes one from the first record.
/// </summary>
internal sealed unsafe class FieldReducer : IReducer
{
    private readonly KeptRecord _first;
    private readonly KeptRecord _last;
    private readonly FieldRun[][] _outputs;
    private readonly FieldRun[] _runs;
    private readonly ChosenValue[] _chosen;
    private readonly KeptBytes _kept = new();
    private readonly ResultArena _arena;
    private readonly IRecordSink _sink;
    private bool _isLost;

    public FieldReducer(FieldPlan plan, IRecordSink sink)
    {
        _first = new KeptRecord(plan.Scan.Marks);
        _last = new KeptRecord(plan.Scan.Marks);
        _outputs = plan.CreateRuns();
        _runs = [.. _outputs.SelectMany(runs => runs).Distinct()];
        _chosen = [.. _runs.OfType<ChosenValue>()];
        _sink = sink;
        _arena = new ResultArena((2 * KeptRecord.LargestRecord) + _runs.Sum(run => run.LargestResult), sink);
    }

    public int RecordsPerWindow => _outputs.Length;

    public void Add(in RecordRun run, int from, int count)
    {
        if (!_first.Is)
            _first.Set(run[from]);
        foreach (FieldRun fields in _runs)
            fields.Add(in run, from, count);
        _last.Set(run[from + count - 1]);
    }

    public void Emit(int records)
    {
        bool canBeSent = !_isLost && LengthOfChosen() <= KeptRecord.LargestRecord;
        for (int output = 0; output < _outputs.Length; output++)
        {
            if (canBeSent)
                Write(output < _outputs.Length - 1 ? _first.View : _last.View, _outputs[output], records);
            else
                _sink.Refuse();
        }

        Reset();
    }

    public void EndBatch(bool isOpen)
    {
        _arena.Clear();
        if (!isOpen || _isLost)
            return;
        if (_outputs.Length > 1)
            _first.Keep();
        _last.Keep();
        _kept.Turn();
        foreach (ChosenValue chosen in _chosen)
            _isLost |= !chosen.Keep(_kept);
    }

    public void Dispose()
    {
        _first.Dispose();
        _last.Dispose();
        _kept.Dispose();
        _arena.Dispose();
        foreach (FieldRun run in _runs)
            run.Dispose();
    }

    private void Write(RecordView template, FieldRun[] runs, int records)
    {
        byte* from = template.Bytes, to = _arena.Begin();
        foreach (FieldRun run in runs)
        {
            to = Copy(from, run.BeginIn(template), to);
            to = run.Write(to, records);
            from = run.EndIn(template);
        }

        _arena.End(Copy(from, template.Bytes + template.Length, to));
    }

    private static byte* Copy(byte* from, byte* until, byte* to)
    {
        long length = until - from;
        Buffer.MemoryCopy(from, to, length, length);
        return to + length;
    }

    private long LengthOfChosen()
    {
        long length = 0;
        foreach (ChosenValue chosen in _chosen)
            length += chosen.Length;
        return length;
    }

    private void Reset()
    {
        foreach (FieldRun run in _runs)
            run.Reset();
        _first.Clear();
        _last.Clear();
        _isLost = false;
    }
}
