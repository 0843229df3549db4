using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>The root mean square. An infinity makes it infinite.</summary>
/// <remarks>
/// A square is two doubles without loss (an FMA gives the rounding error), and the sum of squares is two doubles. Squares cannot
/// cancel, so the sum of n of them has a relative error of at most n² 2^-106: 2^-64 for the longest window. Squares of values below
/// 2^-450 or from 2^500 on would vanish or overflow; they are summed separately, scaled by a power of two.
/// </remarks>
internal sealed unsafe class FloatingSquares : FloatingSum
{
    private static readonly double Smallest = Math.ScaleB(1, -450), Largest = Math.ScaleB(1, 500);
    private static readonly double SmallestSquare = Smallest * Smallest, LargestSquare = Largest * Largest;

    private readonly ScaledSquares* _scaled;
    private bool _anyOdd;

    public FloatingSquares(int fields)
        : base(fields)
    {
        _scaled = Cold<ScaledSquares>();
    }

    protected override void Add(int from, int to, double** rows, int count, bool isFirst)
    {
        double* highs = High, lows = Low;
        Vector<double> smallest = new(SmallestSquare), largest = new(LargestSquare);
        for (int i = from; i < to; i += Width)
        {
            Vector<double> high = isFirst ? Vector<double>.Zero : Vector.Load(highs + i);
            Vector<double> low = isFirst ? Vector<double>.Zero : Vector.Load(lows + i);
            Vector<long> usual = Vector<long>.AllBitsSet;
            for (int row = 0; row < count; row++)
            {
                Vector<double> value = Vector.Load(rows[row] + i), square = value * value;
                usual &= Vector.LessThan(square, largest) & (Vector.GreaterThanOrEqual(square, smallest) | Vector.Equals(value, Vector<double>.Zero));
                high = TwoSum.OfPositive(high, square, out Vector<double> rest);
                low += rest + Vector.FusedMultiplyAdd(value, value, -square);
            }

            if (Vector.EqualsAll(usual, Vector<long>.AllBitsSet))
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
            Vector.SquareRoot(TwoSum.Mean(Vector.Load(High + i), Vector.Load(Low + i), n, reciprocal)).Store(results + i);
            for (int slot = i; _anyOdd && slot < i + Width; slot++)
                results[slot] = Root(slot, records);
        }
    }

    protected override void ForgetOdd()
    {
        if (!_anyOdd)
            return;
        NativeMemory.Clear(Special, (nuint)Slots * (nuint)sizeof(SpecialValues));
        NativeMemory.Clear(_scaled, (nuint)Slots * (nuint)sizeof(ScaledSquares));
        _anyOdd = false;
    }

    protected override void AddOne(int field, double value)
    {
        double size = Math.Abs(value);
        if (size == 0 || (size >= Smallest && size < Largest))
        {
            ScaledSquares.Add(value, ref High[field], ref Low[field]);
            return;
        }

        _anyOdd = true;
        if (!double.IsFinite(value))
            Special[field].Note(value);
        else if (size < Smallest)
            _scaled[field].AddSmall(value);
        else
            _scaled[field].AddLarge(value);
    }

    private double Root(int field, int records)
    {
        ref SpecialValues special = ref Special[field];
        int values = records - special.Skipped;
        if (special.Infinities != 0)
            return double.PositiveInfinity;
        return values == 0 ? double.NaN : _scaled[field].Root(High[field], Low[field], values);
    }
}
