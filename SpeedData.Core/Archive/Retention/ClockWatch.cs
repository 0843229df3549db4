namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Compares the wall clock with the monotonic clock, and decides whether the wall clock can be trusted to judge the age of files
/// that other processes wrote. Retention thread. Reasons: docs/adr/0012.
/// </summary>
internal sealed class ClockWatch
{
    /// <summary>
    /// Before this date the wall clock was never set. A machine without a clock battery starts in 1970, or on the day on which its
    /// image was built.
    /// </summary>
    public static readonly DateTimeOffset Earliest = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The largest difference of the two clocks between two looks. NTP's slewing is ten thousand times slower.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>How long a clock must run undisturbed before it is trusted.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private long _lookedAt;
    private bool _wasPlausible;
    private long _plausibleSince;
    private long? _jumpedAt;

    private readonly bool _isTrusted;

    /// <param name="time">The clock.</param>
    /// <param name="isTrusted">Whether the clock counts as watched for long enough already.</param>
    public ClockWatch(TimeProvider time, bool isTrusted = false)
    {
        _isTrusted = isTrusted;
        _time = time;
        Now = time.GetUtcNow();
        _lookedAt = _plausibleSince = time.GetTimestamp();
        _wasPlausible = IsPlausible(Now);
    }

    /// <summary>The wall clock at the last look.</summary>
    public DateTimeOffset Now { get; private set; }

    public static bool IsPlausible(DateTimeOffset time) => time >= Earliest;

    /// <summary>Compares the clocks. Call it about once a second.</summary>
    public void Look()
    {
        long at = _time.GetTimestamp();
        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan differs = now - Now - _time.GetElapsedTime(_lookedAt, at);
        // When a correct clock jumps, one side of the jump is wrong, and it is not known which.
        if (_wasPlausible && differs.Duration() > Tolerance)
            _jumpedAt = at;
        if (!_wasPlausible && IsPlausible(now))
        {
            _wasPlausible = true;
            _plausibleSince = at;
        }
        (Now, _lookedAt) = (now, at);
    }

    /// <summary>
    /// Whether the wall clock may judge files that other processes wrote. It must have been plausible for an hour. After a jump, it must
    /// have run for another hour and for the span in question.
    /// </summary>
    public bool IsTrustedFor(TimeSpan span) =>
        IsPlausible(Now)
        && (_isTrusted || _time.GetElapsedTime(_plausibleSince) >= Settling)
        && (_jumpedAt is not { } jumped || _time.GetElapsedTime(jumped) >= (span > Settling ? span : Settling));
}
