namespace SpeedData.Core.Archive;

/// <summary>Computes how much of a time span is left.</summary>
internal static class TimeLeft
{
    /// <param name="time">The clock.</param>
    /// <param name="span">The whole span.</param>
    /// <param name="since">The timestamp at which the span began.</param>
    /// <returns>The rest; never negative.</returns>
    public static TimeSpan Left(this TimeProvider time, TimeSpan span, long since) => TimeSpan.FromTicks(Math.Max(0, (span - time.GetElapsedTime(since)).Ticks));
}
