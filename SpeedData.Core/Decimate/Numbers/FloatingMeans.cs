using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// The arithmetic mean of the exact sum. Infinities add up as IEEE 754 has it.
/// </summary>
/// <remarks>
/// The running sum is two doubles that lose nothing: what rounding leaves out of the first is added to the second, and
/// whether that was exact too is looked at for every value. Where it was not (values 2^50 apart, or a sum beyond the range
/// of doubles) what is left over goes to an <see cref="ExactSum"/>. Two doubles alone are not enough: of 1e300, 1,
/// 1e-300, -1e300, -1 they keep nothing.
/// </remarks>
internal sealed unsafe class FloatingMeans : FloatingAccumulator
{
    private readonly double* _high;
    private readonly double* _low;
    private readonly Odd* _odd;
    private readonly ExactSum* _exact;
    private bool _anyOdd;

    public FloatingMeans(int fields)
        : base(fields)
    {
        _high = Hot();
        _low = Hot();
        _odd = Cold<Odd>();
        _exact = Cold<ExactSum>();
    }

    public override void Add(double* values)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= Fields; i += Vector<double>.Count)
        {
            Vector<double> high = TwoSum.Of(Vector.Load(_high + i), Vector.Load(values + i), out Vector<double> rest);
            Vector<double> low = TwoSum.Of(Vector.Load(_low + i), rest, out Vector<double> over);
            // False for NaN, to which infinities and overflows lead too.
            if (Vector.EqualsAll(over, Vector<double>.Zero))
            {
                high.Store(_high + i);
                low.Store(_low + i);
            }
            else
            {
                for (int lane = i; lane < i + Vector<double>.Count; lane++)
                    AddOne(lane, values[lane]);
            }
        }

        for (; i < Fields; i++)
            AddOne(i, values[i]);
    }

    public override void Write(double* results, int records)
    {
        Vector<double> n = new(records), reciprocal = new(1.0 / records);
        int i = 0;
        for (; i + Vector<double>.Count <= Fields; i += Vector<double>.Count)
        {
            Vector<double> mean = TwoSum.Mean(Vector.Load(_high + i), Vector.Load(_low + i), n, reciprocal);
            mean.Store(results + i);
            if (!Vector.EqualsAll(mean - mean, Vector<double>.Zero))
                WriteSingly(results, i, i + Vector<double>.Count, records);
        }

        WriteSingly(results, i, Fields, records);
        for (i = 0; _anyOdd && i < Fields; i++)
        {
            if (_odd[i].Is)
                results[i] = Mean(i, records);
        }
    }

    public override void Reset()
    {
        NativeMemory.Clear(_high, (nuint)Fields * sizeof(double));
        NativeMemory.Clear(_low, (nuint)Fields * sizeof(double));
        for (int i = 0; _anyOdd && i < Fields; i++)
        {
            if (_odd[i].IsExact)
                _exact[i].Clear();
            _odd[i] = default;
        }

        _anyOdd = false;
    }

    private void AddOne(int field, double value)
    {
        double high = TwoSum.Of(_high[field], value, out double rest);
        double low = TwoSum.Of(_low[field], rest, out double over);
        if (double.IsFinite(over))
        {
            _high[field] = high;
            _low[field] = low;
            if (over != 0)
                AddExactly(field, over);
        }
        else if (double.IsFinite(value))
        {
            // The sum leaves the range of doubles; it may come back.
            AddExactly(field, value);
        }
        else
        {
            _odd[field].Note(value);
            _anyOdd = true;
        }
    }

    private void AddExactly(int field, double value)
    {
        _exact[field].Add(value);
        _odd[field].IsExact = true;
        _anyOdd = true;
    }

    private void WriteSingly(double* results, int from, int to, int records)
    {
        for (int i = from; i < to; i++)
            results[i] = Mean(i, records);
    }

    private double Mean(int field, int records)
    {
        ref Odd odd = ref _odd[field];
        int values = records - odd.Skipped;
        if (odd.Infinities != 0)
            return odd.Infinities;
        if (values == 0)
            return double.NaN;
        double mean = TwoSum.Mean(_high[field], _low[field], values);
        if (double.IsFinite(mean) && !odd.IsExact)
            return mean;
        AddExactly(field, _high[field]);
        AddExactly(field, _low[field]);
        _high[field] = _low[field] = 0;
        return _exact[field].Mean(values);
    }
}
