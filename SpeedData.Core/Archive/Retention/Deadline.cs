namespace SpeedData.Core.Archive.Retention;

/// <summary>A moment to come, by the monotonic clock. Over before it was first begun. One thread.</summary>
internal sealed class Deadline(TimeProvider time)
{
    private long _began;
    private TimeSpan _span;

    public bool IsOver => time.GetElapsedTime(_began) >= _span;

    public void Begin(TimeSpan span) => (_began, _span) = (time.GetTimestamp(), span);
}
