using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// A value of any type from the first or the last record of the window; for a nullable field, from the first or the last in
/// which it is not null.
/// </summary>
/// <param name="begin">Where it begins.</param>
/// <param name="end">Where it ends.</param>
/// <param name="type">Its type.</param>
/// <param name="isFirst">Whether the first is wanted, not the last.</param>
internal sealed unsafe class ChosenValue(ScanOffset begin, ScanOffset end, LayoutNode type, bool isFirst) : FieldRun(begin)
{
    private readonly NullBranch _branch = NullBranch.Of(type);
    private byte* _value;
    private int _length;

    /// <summary>Not bounded by the schema; <see cref="FieldReducer"/> looks at <see cref="Length"/>.</summary>
    public override int LargestResult => 1;

    /// <summary>Bytes of the value that was chosen; 0 while every one was null.</summary>
    public int Length => _length;

    public override void Add(in RecordRun run, int from, int count)
    {
        if (isFirst)
        {
            for (int i = from; i < from + count && _value == null; i++)
                Choose(run[i]);
        }
        else
        {
            bool isChosen = false;
            for (int i = from + count - 1; i >= from && !isChosen; i--)
                isChosen = Choose(run[i]);
        }
    }

    public override byte* EndIn(RecordView record) => record.Bytes + record.Marks[end.Mark] + end.Offset;

    public override byte* Write(byte* to, int records)
    {
        if (_value == null)
        {
            *to = _branch.NullIndex;
            return to + 1;
        }

        Buffer.MemoryCopy(_value, to, _length, _length);
        return to + _length;
    }

    public override void Reset()
    {
        _value = null;
        _length = 0;
    }

    public override bool Keep(KeptBytes kept) => _value == null || kept.TryKeep(ref _value, _length);

    public override void Dispose()
    {
        // Nothing of its own: the value lies in its record, or in KeptBytes.
    }

    private bool Choose(RecordView record)
    {
        byte* at = BeginIn(record);
        if (_branch.IsThere && *at == _branch.NullIndex)
            return false;
        _value = at;
        _length = (int)(EndIn(record) - at);
        return true;
    }
}
