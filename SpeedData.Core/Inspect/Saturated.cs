namespace SpeedData.Core.Inspect;

/// <summary>Adds numbers stated by a file without overflow, because a file may state 2^62 records in each of many blocks.</summary>
internal static class Saturated
{
    /// <summary>Adds two nonnegative numbers; returns the largest long on overflow.</summary>
    public static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
