using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>The root of the mean of the squares. An infinity makes it infinite.</summary>
/// <remarks>
/// A square is two doubles without loss (an FMA tells what rounding left out), and their sum is two doubles. Squares cannot
/// cancel, so the sum of n of them is off by at most n² 2^-106 of itself: 2^-64 for the longest window. Squares of values
/// below 2^-450 or from 2^500 on would vanish or overflow; they are summed by themselves, scaled by a power of two.
/// </remarks>
internal sealed unsafe class FloatingSquares : FloatingAccumulator
{
    private static readonly double Smallest = Math.ScaleB(1, -450), Largest = Math.ScaleB(1, 500);

    private readonly double* _high;
    private readonly double* _low;
    private readonly Odd* _odd;
    private readonly ScaledSquares* _scaled;
    private bool _anyOdd;

    public FloatingSquares(int fields)
        : base(fields)
    {
        _high = Hot();
        _low = Hot();
        _odd = Cold<Odd>();
        _scaled = Cold<ScaledSquares>();
    }

    public override void Add(double* values)
    {
        Vector<double> smallest = new(Smallest), largest = new(Largest);
        int i = 0;
        for (; i + Vector<double>.Count <= Fields; i += Vector<double>.Count)
        {
            Vector<double> value = Vector.Load(values + i), size = Vector.Abs(value);
            Vector<long> usual = Vector.LessThan(size, largest) & (Vector.GreaterThanOrEqual(size, smallest) | Vector.Equals(size, Vector<double>.Zero));
            if (Vector.EqualsAll(usual, Vector<long>.AllBitsSet))
            {
                Vector<double> square = value * value, left = Vector.FusedMultiplyAdd(value, value, -square);
                TwoSum.Of(Vector.Load(_high + i), square, out Vector<double> rest).Store(_high + i);
                (Vector.Load(_low + i) + (rest + left)).Store(_low + i);
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
            Vector.SquareRoot(TwoSum.Mean(Vector.Load(_high + i), Vector.Load(_low + i), n, reciprocal)).Store(results + i);
        for (; i < Fields; i++)
            results[i] = Root(i, records);
        for (i = 0; _anyOdd && i < Fields; i++)
        {
            if (_odd[i].Is || _scaled[i].Is)
                results[i] = Root(i, records);
        }
    }

    public override void Reset()
    {
        NativeMemory.Clear(_high, (nuint)Fields * sizeof(double));
        NativeMemory.Clear(_low, (nuint)Fields * sizeof(double));
        if (!_anyOdd)
            return;
        NativeMemory.Clear(_odd, (nuint)Fields * (nuint)sizeof(Odd));
        NativeMemory.Clear(_scaled, (nuint)Fields * (nuint)sizeof(ScaledSquares));
        _anyOdd = false;
    }

    private void AddOne(int field, double value)
    {
        double size = Math.Abs(value);
        if (size == 0 || (size >= Smallest && size < Largest))
        {
            ScaledSquares.Add(value, ref _high[field], ref _low[field]);
            return;
        }

        _anyOdd = true;
        if (!double.IsFinite(value))
            _odd[field].Note(value);
        else if (size < Smallest)
            _scaled[field].AddSmall(value);
        else
            _scaled[field].AddLarge(value);
    }

    private double Root(int field, int records)
    {
        ref Odd odd = ref _odd[field];
        int values = records - odd.Skipped;
        if (odd.Infinities != 0)
            return double.PositiveInfinity;
        return values == 0 ? double.NaN : _scaled[field].Root(_high[field], _low[field], values);
    }
}
