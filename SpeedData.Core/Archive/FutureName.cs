namespace SpeedData.Core.Archive;

/// <summary>
/// Distinguishes a wrong file name from a wrong clock. New names must sort after the channel's own files, even if the clock has
/// stepped back. But one file with a name years ahead must not pull every later name there.
/// </summary>
internal static class FutureName
{
    // A clock that was read from a file at boot, or a time zone mistaken for UTC, is off by less than this.
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    // A clock that was never set shows the day on which its system was built, at most this long ago.
    private static readonly TimeSpan MostAClockIsBehind = TimeSpan.FromDays(5 * 365);

    // Before this date the wall clock was never set, and cannot judge names.
    private static readonly DateTimeOffset Earliest = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Whether a name ahead of the clock is wrong: the file itself was written before now, or no clock can be that far behind. If the
    /// file's modification time is ahead too, the clock is wrong.
    /// </summary>
    public static bool Is(ArchiveName name, ArchiveEntry entry, DateTimeOffset now) =>
        now >= Earliest
        && name.Time - now > Tolerance
        && (entry.ModifiedAt - now <= Tolerance || name.Time - now > MostAClockIsBehind);
}
