using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// The arithmetic mean of the exact sum. Infinities add up as in IEEE 754.
/// </summary>
/// <remarks>
/// The running sum is two doubles that lose nothing: the rounding error of the first is added to the second. For every value it checks
/// that this addition was exact too. If it was not (values 2^50 apart, or a sum beyond the range of doubles), the rest goes to an
/// <see cref="ExactSum"/>. Two doubles alone are not enough: of 1e300, 1, 1e-300, -1e300, -1 they keep nothing.
/// </remarks>
internal sealed unsafe class FloatingMeans : FloatingSum
{
    private readonly ExactSum* _exact;
    private bool _anyOdd;

    public FloatingMeans(int fields)
        : base(fields)
    {
        _exact = Cold<ExactSum>();
    }

    protected override void Add(int from, int to, double** rows, int count, bool isFirst)
    {
        double* highs = High, lows = Low;
        for (int i = from; i < to; i += Width)
        {
            Vector<double> high = Vector.Load(isFirst ? rows[0] + i : highs + i);
            Vector<double> low = isFirst ? Vector<double>.Zero : Vector.Load(lows + i);
            // False for NaN, which infinities and overflows lead to as well.
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
            Vector<double> mean = TwoSum.Mean(Vector.Load(High + i), Vector.Load(Low + i), n, reciprocal);
            mean.Store(results + i);
            if (_anyOdd || !Vector.EqualsAll(mean - mean, Vector<double>.Zero))
                WriteSingly(results, i, records);
        }
    }

    protected override void ForgetOdd()
    {
        for (int i = 0; _anyOdd && i < Slots; i++)
        {
            if (Special[i].IsExact)
                _exact[i].Clear();
            Special[i] = default;
        }

        _anyOdd = false;
    }

    protected override void AddOne(int field, double value)
    {
        double high = TwoSum.Of(High[field], value, out double rest);
        double low = TwoSum.Of(Low[field], rest, out double over);
        if (double.IsFinite(over))
        {
            High[field] = high;
            Low[field] = low;
            if (over != 0)
                AddExactly(field, over);
        }
        else if (double.IsFinite(value))
        {
            // The sum leaves the range of doubles, but may return to it.
            AddExactly(field, value);
        }
        else
        {
            Special[field].Note(value);
            _anyOdd = true;
        }
    }

    private void AddExactly(int field, double value)
    {
        _exact[field].Add(value);
        Special[field].IsExact = true;
        _anyOdd = true;
    }

    private void WriteSingly(double* results, int from, int records)
    {
        for (int slot = from; slot < from + Width; slot++)
            results[slot] = Mean(slot, records);
    }

    private double Mean(int field, int records)
    {
        ref SpecialValues special = ref Special[field];
        int values = records - special.Skipped;
        if (special.Infinities != 0)
            return special.Infinities;
        if (values == 0)
            return double.NaN;
        double mean = TwoSum.Mean(High[field], Low[field], values);
        if (double.IsFinite(mean) && !special.IsExact)
            return mean;
        AddExactly(field, High[field]);
        AddExactly(field, Low[field]);
        High[field] = Low[field] = 0;
        return _exact[field].Mean(values);
    }
}
