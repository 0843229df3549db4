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
        // Since this process finished it, or has known it: no clock on the wall can make that longer.
        if (time.GetElapsedTime(file.Since) >= span)
            return true;
        if (!file.WasFound || CredibleTime(file) is not { } written)
            return false;
        Learn(written, file.Since);
        return clock.IsTrustedFor(span) && clock.Now - written >= span && RecordedNow - written >= span;
    }

    /// <summary>
    /// What time it is at least, by the recordings themselves: the newest that was found, and what has passed since. A
    /// process that starts while the clock is half a year ahead does not believe the clock alone.
    /// </summary>
    private DateTimeOffset RecordedNow => _newestFound + time.GetElapsedTime(_newestFoundAt);

    private void Learn(DateTimeOffset written, long seenAt)
    {
        if (_newestFound == default || written + time.GetElapsedTime(seenAt) > RecordedNow)
            (_newestFound, _newestFoundAt) = (written, seenAt);
    }

    /// <summary>
    /// When a file that was found was written: the later of its name's time and its modification time. Null where neither
    /// can be believed: written while the clock was not set, which then shows in the modification time (the name may be that
    /// of its predecessor and a microsecond), or in the future.
    /// </summary>
    private DateTimeOffset? CredibleTime(FinishedFile file)
    {
        DateTimeOffset modified = file.ModifiedAt!.Value;
        DateTimeOffset named = DateTimeOffset.UnixEpoch.AddTicks(file.Microseconds * TimeSpan.TicksPerMicrosecond);
        DateTimeOffset later = modified > named ? modified : named;
        return ClockWatch.IsPlausible(modified) && later <= clock.Now ? later : null;
    }
}
