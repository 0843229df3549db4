namespace SpeedData.Core.Inspect;

/// <summary>Sums of numbers that a file states: a file may state 2^62 records in each of many blocks.</summary>
internal static class Saturated
{
    /// <summary>Of two numbers that are not below 0; the largest long where it does not fit.</summary>
    public static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
