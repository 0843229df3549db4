using System.Runtime.InteropServices;
using SpeedData.Core.Decimate.Numbers;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Float or double fields; either all or none are nullable. Nulls are left out, like NaNs.</summary>
internal sealed unsafe class FloatingRun : FieldRun
{
    private readonly int _fields;
    private readonly bool _isDouble;
    private readonly NullBranch _branch;
    private readonly FloatingAccumulator _accumulator;
    private readonly double* _values;
    private readonly double** _rows;
    private readonly int* _nulls;

    /// <param name="begin">The beginning of the first field in a record.</param>
    /// <param name="type">The type of the fields.</param>
    /// <param name="fields">The number of fields.</param>
    /// <param name="accumulator">Computes the results. This run owns it from now on.</param>
    public FloatingRun(ScanOffset begin, LayoutNode type, int fields, FloatingAccumulator accumulator)
        : base(begin)
    {
        _fields = fields;
        _isDouble = type.Number!.Type == AvroType.Double;
        _branch = NullBranch.Of(type);
        _accumulator = accumulator;
        _values = (double*)NativeMemory.Alloc((nuint)fields, sizeof(double));
        _rows = (double**)NativeMemory.Alloc(FloatingAccumulator.MostRows, (nuint)sizeof(double*));
        _nulls = (int*)NativeMemory.AllocZeroed((nuint)fields, sizeof(int));
    }

    public override int LargestResult => _fields * (_branch.Bytes + Width);

    private int Width => _isDouble ? sizeof(double) : sizeof(float);

    private bool LiesAsDoubles => _isDouble && !_branch.IsThere;

    public override void Add(in RecordRun run, int from, int count)
    {
        if (LiesAsDoubles)
            AddInPlace(in run, from, count);
        else
            AddGathered(in run, from, count);
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
        NativeMemory.Free(_rows);
        NativeMemory.Free(_nulls);
    }

    private void AddInPlace(in RecordRun run, int from, int count)
    {
        int rows = 0;
        for (int i = from; i < from + count; i++)
        {
            _rows[rows++] = (double*)BeginIn(run[i]);
            if (rows < FloatingAccumulator.MostRows && i + 1 < from + count)
                continue;
            _accumulator.Add(_rows, rows);
            rows = 0;
        }
    }

    private void AddGathered(in RecordRun run, int from, int count)
    {
        _rows[0] = _values;
        for (int i = from; i < from + count; i++)
        {
            Gather(BeginIn(run[i]));
            _accumulator.Add(_rows, 1);
        }
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
