namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Decides which files are certainly older than a time span, whatever the wall clock did. If clocks disagree, the smaller age
/// counts: deleting late costs space, deleting early costs a recording. Retention thread.
/// </summary>
internal sealed class FileAges(TimeProvider time, ClockWatch clock)
{
    // The latest credible time of any file that was found, and the time at which that file was first seen.
    private DateTimeOffset _newestFound;
    private long _newestFoundAt;

    public bool IsOlder(FinishedFile file, TimeSpan span)
    {
        // The time since this process finished the file, or first saw it. No wall clock can make it longer.
        if (time.GetElapsedTime(file.Since) >= span)
            return true;
        if (!file.WasFound || CredibleTime(file) is not { } written)
            return false;
        Learn(written, file.Since);
        return clock.IsTrustedFor(span) && clock.Now - written >= span && RecordedNow - written >= span;
    }

    /// <summary>
    /// The earliest possible present time according to the recordings: the time of the newest file found, plus the time since. So a
    /// process that starts while the clock is half a year ahead does not trust the clock alone.
    /// </summary>
    private DateTimeOffset RecordedNow => _newestFound + time.GetElapsedTime(_newestFoundAt);

    private void Learn(DateTimeOffset written, long seenAt)
    {
        if (_newestFound == default || written + time.GetElapsedTime(seenAt) > RecordedNow)
            (_newestFound, _newestFoundAt) = (written, seenAt);
    }

    /// <summary>
    /// Returns when a found file was written: the later of the time in its name and its modification time. Null if neither is credible:
    /// it was written in the future, or while the clock was not set. Only the modification time shows that; the name may follow the
    /// preceding file by a microsecond.
    /// </summary>
    private DateTimeOffset? CredibleTime(FinishedFile file)
    {
        DateTimeOffset modified = file.ModifiedAt!.Value;
        DateTimeOffset named = DateTimeOffset.UnixEpoch.AddTicks(file.Microseconds * TimeSpan.TicksPerMicrosecond);
        DateTimeOffset later = modified > named ? modified : named;
        return ClockWatch.IsPlausible(modified) && later <= clock.Now ? later : null;
    }
}
