using System.Runtime.InteropServices;
using SpeedData.Core.Decimate.Numbers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Floats or doubles; with a null branch each of them, or none. A null is left out as a NaN is.</summary>
internal sealed unsafe class FloatingRun : FieldRun
{
    private readonly int _fields;
    private readonly bool _isDouble;
    private readonly NullBranch _branch;
    private readonly FloatingAccumulator _accumulator;
    private readonly double* _values;
    private readonly int* _nulls;

    /// <param name="begin">Where the first begins.</param>
    /// <param name="type">Their type.</param>
    /// <param name="fields">How many there are.</param>
    /// <param name="accumulator">What becomes of them; owned from now on.</param>
    public FloatingRun(Place begin, LayoutNode type, int fields, FloatingAccumulator accumulator)
        : base(begin)
    {
        _fields = fields;
        _isDouble = type.Number!.Type == AvroType.Double;
        _branch = NullBranch.Of(type);
        _accumulator = accumulator;
        _values = (double*)NativeMemory.Alloc((nuint)fields, sizeof(double));
        _nulls = (int*)NativeMemory.AllocZeroed((nuint)fields, sizeof(int));
    }

    public override int LargestResult => _fields * (_branch.Bytes + Width);

    private int Width => _isDouble ? sizeof(double) : sizeof(float);

    private bool LiesAsDoubles => _isDouble && !_branch.IsThere;

    public override void Add(in RecordRun run, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            byte* at = BeginIn(run[i]);
            if (!LiesAsDoubles)
                Gather(at);
            _accumulator.Add(LiesAsDoubles ? (double*)at : _values);
        }
    }

    public override byte* EndIn(RecordView record)
    {
        byte* at = BeginIn(record);
        if (!_branch.IsThere)
            return at + (_fields * Width);
        for (int i = 0; i < _fields; i++)
            at += *at == _branch.NullIndex ? 1 : 1 + Width;
        return at;
    }

    public override byte* Write(byte* to, int records)
    {
        _accumulator.Write(LiesAsDoubles ? (double*)to : _values, records);
        return LiesAsDoubles ? to + (_fields * Width) : Scatter(to, records);
    }

    public override void Reset()
    {
        _accumulator.Reset();
        if (_branch.IsThere)
            NativeMemory.Clear(_nulls, (nuint)_fields * sizeof(int));
    }

    public override void Dispose()
    {
        _accumulator.Dispose();
        NativeMemory.Free(_values);
        NativeMemory.Free(_nulls);
    }

    private void Gather(byte* at)
    {
        for (int i = 0; i < _fields; i++)
        {
            if (_branch.IsThere && *at++ == _branch.NullIndex)
            {
                _values[i] = double.NaN;
                _nulls[i]++;
                continue;
            }

            _values[i] = _isDouble ? *(double*)at : *(float*)at;
            at += Width;
        }
    }

    private byte* Scatter(byte* to, int records)
    {
        for (int i = 0; i < _fields; i++)
        {
            bool isNull = _nulls[i] == records;
            if (_branch.IsThere)
                *to++ = isNull ? _branch.NullIndex : _branch.ValueIndex;
            if (isNull)
                continue;
            if (_isDouble)
                *(double*)to = _values[i];
            else
                *(float*)to = (float)_values[i];
            to += Width;
        }

        return to;
    }
}
