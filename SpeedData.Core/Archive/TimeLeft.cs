namespace SpeedData.Core.Archive;

/// <summary>How much is left of a span of time.</summary>
internal static class TimeLeft
{
    /// <param name="time">The clock.</param>
    /// <param name="span">How long it lasts.</param>
    /// <param name="since">Timestamp at which it began.</param>
    /// <returns>Never negative.</returns>
    public static TimeSpan Left(this TimeProvider time, TimeSpan span, long since) => TimeSpan.FromTicks(Math.Max(0, (span - time.GetElapsedTime(since)).Ticks));
}
