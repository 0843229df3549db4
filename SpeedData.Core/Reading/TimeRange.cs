namespace SpeedData.Core.Reading;

/// <summary>The clock that a range refers to.</summary>
public enum RangeClock
{
    /// <summary>The time at which the recorder received a record.</summary>
    Received,

    /// <summary>The record's own time.</summary>
    Device,
}

/// <summary>A time range, <c>from ≤ t &lt; to</c>, in Unix ns; null for an open end.</summary>
public readonly record struct TimeRange(long? FromNs, long? ToNs, RangeClock Clock = RangeClock.Received)
{
    /// <summary>
    /// Only for <see cref="RangeClock.Device"/>: the run or tag during which the records were received; null for any time.
    /// </summary>
    public (long? FromNs, long? ToNs)? ReceivedWithin { get; init; }

    public bool IsOpen => FromNs is null && ToNs is null;

    /// <summary>Returns the range extended at both ends.</summary>
    public TimeRange Widened(long ns) => this with { FromNs = FromNs is { } from && from > long.MinValue + ns ? from - ns : null, ToNs = ToNs is { } to && to < long.MaxValue - ns ? to + ns : null };

    public bool Holds(long ns) => !(ns < FromNs) && !(ns >= ToNs);

    /// <summary>Whether times from <paramref name="first"/> to <paramref name="last"/> may overlap the range.</summary>
    public bool Meets(long first, long last) => last < first || (!(last < FromNs) && !(first >= ToNs));

    /// <summary>
    /// Whether all times from <paramref name="first"/> to <paramref name="last"/> are in the range, if the clock was never set back.
    /// </summary>
    public bool Covers(long first, long last) => first <= last && Holds(first) && Holds(last);
}
