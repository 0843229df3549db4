namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Room that was freed but that the file system does not show yet: btrfs, ZFS and XFS free in the background, and a file that
/// somebody reads is freed when it is closed. Without this, retention would delete everything while it waits for the figure to
/// rise. Retention thread.
/// </summary>
internal sealed class DelayedFreeSpace(TimeProvider time)
{
    // btrfs frees with its transaction, every 30 s (mount option commit).
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(35);

    private readonly Deadline _shownBy = new(time);
    private long _bytes;
    private long _free;

    /// <summary>A look at the file system.</summary>
    /// <param name="free">What it says is free.</param>
    /// <returns>Free space, with what does not show yet.</returns>
    public long Expect(long free)
    {
        long rise = Math.Max(0, free - _free);
        _bytes = _shownBy.IsOver ? 0 : Math.Max(0, _bytes - rise);
        _free = free;
        return free + _bytes;
    }

    /// <summary>This much was deleted since the last look.</summary>
    /// <param name="bytes">Size of what was deleted.</param>
    /// <param name="free">Free space of the file system now.</param>
    /// <returns>Free space, with what does not show yet.</returns>
    public long Deleted(long bytes, long free)
    {
        // At least half of it shows: this file system frees at once, and others wrote the rest meanwhile.
        long shown = free - _free;
        if (shown < bytes / 2)
        {
            if (_bytes == 0)
                _shownBy.Begin(LongestWait);
            _bytes += bytes - Math.Max(0, shown);
        }
        _free = free;
        return free + _bytes;
    }

    /// <summary>A write found no room, so there is none that does not show.</summary>
    public void Refused() => _bytes = 0;
}
