using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// Keeps a value of any type from the first or the last record of the window. For a nullable field, from the first or the last record
/// in which it is not null.
/// </summary>
/// <param name="begin">The beginning of the value in a record.</param>
/// <param name="end">The end of the value.</param>
/// <param name="type">The type of the value.</param>
/// <param name="isFirst">True for the first record, false for the last.</param>
internal sealed unsafe class ChosenValue(ScanOffset begin, ScanOffset end, LayoutNode type, bool isFirst) : FieldRun(begin)
{
    private readonly NullBranch _branch = NullBranch.Of(type);
    private byte* _value;
    private int _length;

    /// <summary>The schema does not bound the size, so <see cref="FieldReducer"/> uses <see cref="Length"/>.</summary>
    public override int LargestResult => 1;

    /// <summary>The size of the chosen value in bytes; 0 while every value was null.</summary>
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
        // It owns no memory: the value is in its record, or in KeptBytes.
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
