namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Sums of squares of values so small or so large that their squares are not normal doubles. Each is two doubles; zeroed memory is
/// empty.
/// </summary>
internal struct ScaledSquares
{
    // Scaled, 2^-1074 squares to 2^-948 and 2^1024 to 2^648: normal doubles with all bits, and so are sums of two million of them.
    private const int Up = 600, Down = -700;

    private double _smallHigh;
    private double _smallLow;
    private double _largeHigh;
    private double _largeLow;

    /// <summary>Whether it holds any values.</summary>
    public readonly bool Is => _smallHigh != 0 || _largeHigh != 0;

    public void AddSmall(double value) => Add(Math.ScaleB(value, Up), ref _smallHigh, ref _smallLow);

    public void AddLarge(double value) => Add(Math.ScaleB(value, Down), ref _largeHigh, ref _largeLow);

    /// <summary>Adds a square to a sum of two doubles.</summary>
    public static void Add(double value, ref double high, ref double low)
    {
        double square = value * value, left = Math.FusedMultiplyAdd(value, value, -square);
        high = TwoSum.Of(high, square, out double rest);
        low += rest + left;
    }

    /// <summary>Returns the root mean square of these squares and of others that needed no scaling.</summary>
    public readonly double Root(double high, double low, int n)
    {
        // Scaling the smaller sums to the largest may underflow, but far below the last bit of the largest.
        if (_largeHigh != 0)
            return Root(_largeHigh, _largeLow + Math.ScaleB(low, 2 * Down), Math.ScaleB(high, 2 * Down), n, -Down);
        if (high != 0)
            return Root(high, low + Math.ScaleB(_smallLow, -2 * Up), Math.ScaleB(_smallHigh, -2 * Up), n, 0);
        return Root(_smallHigh, _smallLow, 0, n, -Up);
    }

    private static double Root(double high, double low, double more, int n, int scale)
    {
        double sum = TwoSum.Of(high, more, out double rest);
        return Math.ScaleB(Math.Sqrt(TwoSum.Mean(sum, low + rest, n)), scale);
    }
}
