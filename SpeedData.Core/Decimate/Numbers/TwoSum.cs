using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Sums of two doubles without loss: the rounded sum, and what rounding left out (D. E. Knuth, TAOCP 2, 4.2.2, Theorem B).
/// Exact for all finite values whose sum is finite, subnormal ones included.
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

    /// <summary>The same for two that are not negative, in half the steps (T. J. Dekker, Numer. Math. 18, 1971): the larger is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> OfPositive(Vector<double> a, Vector<double> b, out Vector<double> rest)
    {
        // How these two treat NaN is the processor's own affair, and none of ours: the caller takes no NaN.
        Vector<double> larger = Vector.MaxNative(a, b), smaller = Vector.MinNative(a, b), sum = larger + smaller;
        rest = smaller - (sum - larger);
        return sum;
    }

    /// <summary>Where rounding left nothing out of a sum: both ways back lead to what was added. Never where something is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<long> IsExact(Vector<double> a, Vector<double> b, out Vector<double> sum)
    {
        sum = a + b;
        return Vector.Equals(sum - a, b) & Vector.Equals(sum - b, a);
    }

    /// <summary>
    /// (a + b) / n, off by hardly more than the final rounding: the quotient's own error is computed exactly (an FMA of
    /// integer n leaves nothing out, since n has at most 21 bits) and added. Not finite where a + b is not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Mean(double a, double b, double n)
    {
        double sum = Of(a, b, out double rest), quotient = sum / n;
        return quotient + ((Math.FusedMultiplyAdd(quotient, -n, sum) + rest) / n);
    }

    /// <summary>The same; the reciprocal of n does for the division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Mean(Vector<double> a, Vector<double> b, Vector<double> n, Vector<double> reciprocal)
    {
        Vector<double> sum = Of(a, b, out Vector<double> rest), quotient = sum * reciprocal;
        return quotient + ((Vector.FusedMultiplyAdd(quotient, -n, sum) + rest) * reciprocal);
    }
}
