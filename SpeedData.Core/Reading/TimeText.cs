namespace SpeedData.Core.Reading;

/// <summary>
/// Writes Unix time in ns as ISO 8601 in UTC, to the nanosecond, which neither .NET's own types nor JSON numbers support.
/// </summary>
public static class TimeText
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Converts a time to Unix time in ns.</summary>
    public static long NsOf(DateTimeOffset moment) => (moment.UtcDateTime - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public static string? Of(long? unixNs)
    {
        if (unixNs is not { } ns)
            return null;
        (long seconds, long rest) = (Math.DivRem(ns, SecondNs, out long r), r);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + SecondNs);
        return $"{DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime:yyyy-MM-ddTHH:mm:ss}.{rest:D9}Z";
    }
}
