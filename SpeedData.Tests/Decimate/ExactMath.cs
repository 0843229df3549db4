using System.Numerics;

namespace SpeedData.Tests.Decimate;

/// <summary>
/// Means and roots of doubles and integers in integer arithmetic, rounded once, half to even. It is slow and shares no code with
/// the code under test.
/// </summary>
internal static class ExactMath
{
    private const int Unit = -1074, Digits = 53;

    /// <summary>IEEE 754 mean of the values that are not NaN; NaN if there is none.</summary>
    public static double Mean(IReadOnlyCollection<double> values)
    {
        double[] numbers = [.. values.Where(v => !double.IsNaN(v))];
        if (numbers.Any(double.IsInfinity))
            return numbers.Where(double.IsInfinity).Sum();
        return numbers.Length == 0 ? double.NaN : Round(numbers.Aggregate(BigInteger.Zero, (sum, v) => sum + InUnits(v)), numbers.Length, Unit);
    }

    /// <summary>Root mean square of the values that are not NaN; NaN if there is none.</summary>
    public static double Rms(IReadOnlyCollection<double> values)
    {
        double[] numbers = [.. values.Where(v => !double.IsNaN(v))];
        if (numbers.Any(double.IsInfinity))
            return double.PositiveInfinity;
        return numbers.Length == 0 ? double.NaN : Root(numbers.Aggregate(BigInteger.Zero, (sum, v) => sum + BigInteger.Pow(InUnits(v), 2)), numbers.Length);
    }

    public static long Mean(IReadOnlyCollection<long> values) =>
        (long)Quotient(values.Aggregate(BigInteger.Zero, (sum, v) => sum + v), values.Count);

    /// <param name="values">Integers to square and average.</param>
    /// <param name="largest">Upper limit of the result.</param>
    public static long Rms(IReadOnlyCollection<long> values, long largest) =>
        (long)BigInteger.Min(largest, RoundedRoot(values.Aggregate(BigInteger.Zero, (sum, v) => sum + BigInteger.Pow(v, 2)), values.Count));

    /// <summary>Counts the doubles between two values; 0 for two NaNs and for two zeros.</summary>
    public static long UlpsApart(double a, double b)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
            return double.IsNaN(a) && double.IsNaN(b) ? 0 : long.MaxValue;
        if (double.IsInfinity(a) || double.IsInfinity(b))
            return a == b ? 0 : long.MaxValue;
        return (long)UInt128.Min(long.MaxValue, (UInt128)Int128.Abs(Place(a) - Place(b)));
    }

    /// <summary>Counts the floats between two values.</summary>
    public static long UlpsApart(float a, float b)
    {
        if (!float.IsFinite(a) || !float.IsFinite(b))
            return UlpsApart((double)a, b);
        return Math.Abs(Place(a) - Place(b));
    }

    private static Int128 Place(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? -(Int128)(bits & long.MaxValue) : bits;
    }

    private static long Place(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? -(long)(bits & int.MaxValue) : bits;
    }

    private static BigInteger InUnits(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (exponent == 0 ? 0 : 1L << 52);
        return (mantissa << Math.Max(0, exponent - 1)) * (bits < 0 ? -1 : 1);
    }

    /// <summary>Rounds numerator / denominator * 2^scale.</summary>
    private static double Round(BigInteger numerator, BigInteger denominator, int scale)
    {
        if (numerator.Sign < 0)
            return -Round(-numerator, denominator, scale);
        // The estimate may be one bit off. The loop corrects it.
        int bits = (int)(numerator.GetBitLength() - denominator.GetBitLength());
        for (int last = Math.Max(Unit, scale + bits - Digits - 1); ; last++)
        {
            int shift = last - scale;
            BigInteger rounded = shift >= 0 ? Quotient(numerator, denominator << shift) : Quotient(numerator << -shift, denominator);
            if (rounded <= BigInteger.One << Digits)
                return Math.ScaleB((double)rounded, last);
        }
    }

    /// <summary>Computes the root of a mean of squares, in units.</summary>
    private static double Root(BigInteger sum, int n)
    {
        int bits = (int)(sum.GetBitLength() - new BigInteger(n).GetBitLength()) / 2;
        for (int last = Math.Max(0, bits - Digits - 2); ; last++)
        {
            BigInteger rounded = RoundedRoot(sum, n * BigInteger.Pow(4, last));
            if (rounded <= BigInteger.One << Digits)
                return Math.ScaleB((double)rounded, last + Unit);
        }
    }

    private static BigInteger Quotient(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int beyond = (2 * BigInteger.Abs(remainder)).CompareTo(denominator);
        return beyond > 0 || (beyond == 0 && !quotient.IsEven) ? quotient + remainder.Sign : quotient;
    }

    private static BigInteger RoundedRoot(BigInteger numerator, BigInteger denominator)
    {
        BigInteger root = WholeRoot(numerator / denominator);
        // Rounds up if the value is above (root + 1/2)².
        int beyond = (4 * numerator).CompareTo(denominator * BigInteger.Pow((2 * root) + 1, 2));
        return beyond > 0 || (beyond == 0 && !root.IsEven) ? root + 1 : root;
    }

    private static BigInteger WholeRoot(BigInteger value)
    {
        if (value.IsZero)
            return 0;
        BigInteger root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (value / root)) / 2;
            if (next >= root)
                return root;
            root = next;
        }
    }
}
