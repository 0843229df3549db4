using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Sums of two doubles without loss: the rounded sum and the rounding error (D. E. Knuth, TAOCP 2, 4.2.2, Theorem B). Exact for all
/// finite values with a finite sum, including subnormal ones.
/// </summary>
internal static class TwoSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double a, double b, out double rest)
    {
        double sum = a + b, part = sum - a;
        rest = (a - (sum - part)) + (b - part);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Of(Vector<double> a, Vector<double> b, out Vector<double> rest)
    {
        Vector<double> sum = a + b, part = sum - a;
        rest = (a - (sum - part)) + (b - part);
        return sum;
    }

    /// <summary>
    /// Adds two values that are not negative, in half the steps, because the larger one is known (T. J. Dekker, Numer. Math. 18,
    /// 1971).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> OfPositive(Vector<double> a, Vector<double> b, out Vector<double> rest)
    {
        // Processors differ in how these two treat NaN. The caller passes no NaN.
        Vector<double> larger = Vector.MaxNative(a, b), smaller = Vector.MinNative(a, b), sum = larger + smaller;
        rest = smaller - (sum - larger);
        return sum;
    }

    /// <summary>Whether a sum has no rounding error: subtracting either value gives the other. Never true for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<long> IsExact(Vector<double> a, Vector<double> b, out Vector<double> sum)
    {
        sum = a + b;
        return Vector.Equals(sum - a, b) & Vector.Equals(sum - b, a);
    }

    /// <summary>
    /// Computes (a + b) / n with hardly more than the final rounding error. The quotient's own error is computed exactly (an FMA of an
    /// integer n with at most 21 bits is exact) and added. Not finite if a + b is not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Mean(double a, double b, double n)
    {
        double sum = Of(a, b, out double rest), quotient = sum / n;
        return quotient + ((Math.FusedMultiplyAdd(quotient, -n, sum) + rest) / n);
    }

    /// <summary>Computes the same for vectors, with the reciprocal of n instead of a division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Mean(Vector<double> a, Vector<double> b, Vector<double> n, Vector<double> reciprocal)
    {
        Vector<double> sum = Of(a, b, out Vector<double> rest), quotient = sum * reciprocal;
        return quotient + ((Vector.FusedMultiplyAdd(quotient, -n, sum) + rest) * reciprocal);
    }
}
