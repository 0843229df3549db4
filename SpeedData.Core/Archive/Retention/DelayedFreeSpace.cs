namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Counts freed room that the file system does not report yet: btrfs, ZFS and XFS free in the background, and a file that somebody
/// reads is freed when it is closed. Without this count, retention would delete everything while it waits for the figure to rise.
/// Retention thread.
/// </summary>
internal sealed class DelayedFreeSpace(TimeProvider time)
{
    // btrfs frees with its transaction, every 30 s (mount option commit).
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(35);

    private readonly Deadline _shownBy = new(time);
    private long _bytes;
    private long _free;

    /// <summary>Takes a new reading of the free space.</summary>
    /// <param name="free">Free space that the file system reports.</param>
    /// <returns>Free space including freed room that is not reported yet.</returns>
    public long Expect(long free)
    {
        long rise = Math.Max(0, free - _free);
        _bytes = _shownBy.IsOver ? 0 : Math.Max(0, _bytes - rise);
        _free = free;
        return free + _bytes;
    }

    /// <summary>Notes what was deleted since the last reading.</summary>
    /// <param name="bytes">Size of what was deleted.</param>
    /// <param name="free">Free space of the file system now.</param>
    /// <returns>Free space including freed room that is not reported yet.</returns>
    public long Deleted(long bytes, long free)
    {
        // At least half of it is reported: this file system frees at once, and other programs wrote the rest in between.
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

    /// <summary>Drops the count: a write found no room, so there is no unreported room.</summary>
    public void Refused() => _bytes = 0;
}
