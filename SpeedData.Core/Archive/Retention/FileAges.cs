namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Says which files are certainly older than a time span, whatever the wall clock did. If clocks disagree, the smaller age
/// counts: deleting late costs space, deleting early costs a recording. Retention thread.
/// </summary>
internal sealed class FileAges(TimeProvider time, ClockWatch clock)
{
    // The latest credible time of any file that was found, and when that file was first seen.
    private DateTimeOffset _newestFound;
    private long _newestFoundAt;

    public bool IsOlder(FinishedFile file, TimeSpan span)
    {
        // Since this process finished it, or first saw it: no wall clock can make that longer.
        if (time.GetElapsedTime(file.Since) >= span)
            return true;
        if (!file.WasFound || CredibleTime(file) is not { } written)
            return false;
        Learn(written, file.Since);
        return clock.IsTrustedFor(span) && clock.Now - written >= span && RecordedNow - written >= span;
    }

    /// <summary>
    /// The earliest that it can be now, by the recordings themselves: the newest file found, plus the time since. So a process
    /// that starts while the clock is half a year ahead does not trust the clock alone.
    /// </summary>
    private DateTimeOffset RecordedNow => _newestFound + time.GetElapsedTime(_newestFoundAt);

    private void Learn(DateTimeOffset written, long seenAt)
    {
        if (_newestFound == default || written + time.GetElapsedTime(seenAt) > RecordedNow)
            (_newestFound, _newestFoundAt) = (written, seenAt);
    }

    /// <summary>
    /// When a file that was found was written: the later of the time in its name and its modification time. Null if neither is
    /// credible: it was written in the future, or while the clock was not set, which shows in the modification time (its name
    /// may be that of the file before plus a microsecond).
    /// </summary>
    private DateTimeOffset? CredibleTime(FinishedFile file)
    {
        DateTimeOffset modified = file.ModifiedAt!.Value;
        DateTimeOffset named = DateTimeOffset.UnixEpoch.AddTicks(file.Microseconds * TimeSpan.TicksPerMicrosecond);
        DateTimeOffset later = modified > named ? modified : named;
        return ClockWatch.IsPlausible(modified) && later <= clock.Now ? later : null;
    }
}
