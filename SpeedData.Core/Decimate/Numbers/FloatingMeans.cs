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

    protected override void Add(int from, int to, double** rows, int count, bool isFirst)
    {
        double* highs = _high, lows = _low;
        for (int i = from; i < to; i += Width)
        {
            Vector<double> high = Vector.Load(isFirst ? rows[0] + i : highs + i);
            Vector<double> low = isFirst ? Vector<double>.Zero : Vector.Load(lows + i);
            // False for NaN, to which infinities and overflows lead too.
            Vector<long> exact = Vector.Equals(high - high, Vector<double>.Zero);
            for (int row = isFirst ? 1 : 0; row < count; row++)
            {
                high = TwoSum.Of(high, Vector.Load(rows[row] + i), out Vector<double> rest);
                exact &= TwoSum.IsExact(low, rest, out low);
            }

            if (Vector.EqualsAll(exact, Vector<long>.AllBitsSet))
            {
                high.Store(highs + i);
                low.Store(lows + i);
            }
            else
            {
                AddSingly(i, rows, count, isFirst);
            }
        }
    }

    protected override void Write(int from, int to, double* results, int records)
    {
        Vector<double> n = new(records), reciprocal = new(1.0 / records);
        for (int i = from; i < to; i += Width)
        {
            Vector<double> mean = TwoSum.Mean(Vector.Load(_high + i), Vector.Load(_low + i), n, reciprocal);
            mean.Store(results + i);
            if (_anyOdd || !Vector.EqualsAll(mean - mean, Vector<double>.Zero))
                WriteSingly(results, i, records);
        }
    }

    protected override void ForgetOdd()
    {
        for (int i = 0; _anyOdd && i < Slots; i++)
        {
            if (_odd[i].IsExact)
                _exact[i].Clear();
            _odd[i] = default;
        }

        _anyOdd = false;
    }

    private void AddSingly(int from, double** rows, int count, bool isFirst)
    {
        for (int slot = from; slot < from + Width; slot++)
        {
            if (isFirst)
                _high[slot] = _low[slot] = 0;
            for (int row = 0; row < count; row++)
                AddOne(slot, rows[row][slot]);
        }
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

    private void WriteSingly(double* results, int from, int records)
    {
        for (int slot = from; slot < from + Width; slot++)
            results[slot] = Mean(slot, records);
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
