namespace SpeedData.Core.Archive.Retention;

/// <summary>A point in time on the monotonic clock. It counts as passed until it is first set. One thread.</summary>
internal sealed class Deadline(TimeProvider time)
{
    private long _began;
    private TimeSpan _span;

    public bool IsOver => time.GetElapsedTime(_began) >= _span;

    public void Begin(TimeSpan span) => (_began, _span) = (time.GetTimestamp(), span);
}
