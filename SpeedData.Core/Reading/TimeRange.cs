namespace SpeedData.Core.Reading;

/// <summary>By which clock a range is meant.</summary>
public enum RangeClock
{
    /// <summary>When the recorder received a record.</summary>
    Received,

    /// <summary>The record's own time.</summary>
    Device,
}

/// <summary>A range of time, <c>from ≤ t &lt; to</c>, in Unix ns; null where it is open.</summary>
public readonly record struct TimeRange(long? FromNs, long? ToNs, RangeClock Clock = RangeClock.Received)
{
    /// <summary>With <see cref="RangeClock.Device"/>: the run or tag in which the records must have been received; null for any.</summary>
    public (long? FromNs, long? ToNs)? ReceivedWithin { get; init; }

    public bool IsOpen => FromNs is null && ToNs is null;

    /// <summary>The same with so much more at both ends.</summary>
    public TimeRange Widened(long ns) => this with { FromNs = FromNs is { } from && from > long.MinValue + ns ? from - ns : null, ToNs = ToNs is { } to && to < long.MaxValue - ns ? to + ns : null };

    public bool Holds(long ns) => !(ns < FromNs) && !(ns >= ToNs);

    /// <summary>Whether something from <paramref name="first"/> to <paramref name="last"/> may lie in it.</summary>
    public bool Meets(long first, long last) => last < first || (!(last < FromNs) && !(first >= ToNs));

    /// <summary>Whether all from <paramref name="first"/> to <paramref name="last"/> lies in it, if time went forward.</summary>
    public bool Covers(long first, long last) => first <= last && Holds(first) && Holds(last);
}
