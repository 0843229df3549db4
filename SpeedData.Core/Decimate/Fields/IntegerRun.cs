using System.Runtime.InteropServices;
using SpeedData.Core.Decimate.Numbers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Int or long fields; either all or none are nullable. Nulls are left out.</summary>
/// <typeparam name="T">Computes the results.</typeparam>
internal sealed unsafe class IntegerRun<T> : FieldRun
    where T : unmanaged, IIntegerAccumulator
{
    private readonly int _fields;
    private readonly bool _isInt;
    private readonly NullBranch _branch;
    private readonly T* _accumulators;
    private readonly int* _nulls;

    /// <param name="begin">The beginning of the first field in a record.</param>
    /// <param name="type">The type of the fields.</param>
    /// <param name="fields">The number of fields.</param>
    public IntegerRun(ScanOffset begin, LayoutNode type, int fields)
        : base(begin)
    {
        _fields = fields;
        _isInt = type.Number!.Type == AvroType.Int;
        _branch = NullBranch.Of(type);
        _accumulators = (T*)NativeMemory.AllocZeroed((nuint)fields, (nuint)sizeof(T));
        _nulls = (int*)NativeMemory.AllocZeroed((nuint)fields, sizeof(int));
    }

    public override int LargestResult => _fields * (_branch.Bytes + (_isInt ? Varint.MaxIntBytes : Varint.MaxBytes));

    public override void Add(in RecordRun run, int from, int count)
    {
        for (int i = from; i < from + count; i++)
            Add(BeginIn(run[i]));
    }

    public override byte* EndIn(RecordView record)
    {
        byte* at = BeginIn(record);
        for (int i = 0; i < _fields; i++)
        {
            if (!_branch.IsThere || *at++ != _branch.NullIndex)
                at += Varint.LengthOf(ref *at);
        }

        return at;
    }

    public override byte* Write(byte* to, int records)
    {
        for (int i = 0; i < _fields; i++)
        {
            int values = records - _nulls[i];
            if (_branch.IsThere)
                *to++ = values == 0 ? _branch.NullIndex : _branch.ValueIndex;
            if (values > 0)
                to += Varint.Write(new Span<byte>(to, Varint.MaxBytes), Clamp(_accumulators[i].Result(values)));
        }

        return to;
    }

    public override void Reset()
    {
        NativeMemory.Clear(_accumulators, (nuint)_fields * (nuint)sizeof(T));
        NativeMemory.Clear(_nulls, (nuint)_fields * sizeof(int));
    }

    public override void Dispose()
    {
        NativeMemory.Free(_accumulators);
        NativeMemory.Free(_nulls);
    }

    private void Add(byte* at)
    {
        for (int i = 0; i < _fields; i++)
        {
            if (_branch.IsThere && *at++ == _branch.NullIndex)
            {
                _nulls[i]++;
                continue;
            }

            _accumulators[i].Add(Varint.Read(ref *at, out int length));
            at += length;
        }
    }

    // Only the root mean square of values that are all the smallest int exceeds the largest int.
    private long Clamp(long value) => _isInt ? Math.Min(value, int.MaxValue) : value;
}
