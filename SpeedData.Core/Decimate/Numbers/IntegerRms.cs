namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// The root mean square, rounded half to even. It is exact, because the sum of squares has 192 bits. It can be 2^63, which does not fit
/// a long; the result is then the largest long.
/// </summary>
internal struct IntegerRms : IIntegerAccumulator
{
    private UInt128 _low;
    private ulong _high;

    public void Add(long value)
    {
        ulong size = Size(value), high = Math.BigMul(size, size, out ulong low);
        UInt128 sum = _low + new UInt128(high, low);
        _high += sum < _low ? 1u : 0;
        _low = sum;
    }

    public readonly long Result(int values)
    {
        ulong root = Estimate(values);
        // Off by at most 2^11, because a double has 53 bits. One step of Newton's method reduces the error to one or two.
        if (root > 0)
            root += (ulong)(long)Math.Round((double)Beyond(root, root, values) / (2.0 * values * root));
        while (root > 0 && !RoundsAbove(root - 1, values))
            root--;
        while (RoundsAbove(root, values))
            root++;
        return (long)Math.Min(root, long.MaxValue);
    }

    private static ulong Size(long value) => value < 0 ? (ulong)-value : (ulong)value;

    private readonly ulong Estimate(int values)
    {
        double sum = (_high * Math.ScaleB(1, 128)) + (double)_low;
        return (ulong)Math.Min(Math.Sqrt(sum / values), Math.ScaleB(1, 63));
    }

    /// <summary>
    /// Whether the root rounds to more than r: the sum is above n (r + 1/2)², or equal to it and r is odd. n (r + 1/2)² is
    /// n r (r + 1) + n / 4.
    /// </summary>
    private readonly bool RoundsAbove(ulong r, int values)
    {
        Int128 beyond = 4 * Beyond(r, r + 1, values);
        return beyond > values || (beyond == values && (r & 1) == 1);
    }

    /// <summary>
    /// Computes the sum minus n a b, for a b near the mean. Modulo 2^128 is enough, because the result is less than 2^100.
    /// </summary>
    private readonly Int128 Beyond(ulong a, ulong b, int values)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return (Int128)(_low - (new UInt128(high, low) * (uint)values));
    }
}
