namespace SpeedData.Core.Archive;

/// <summary>
/// Tells a file whose name is wrong from a clock that is wrong. New names sort behind the channel's own files, also when the
/// clock has stepped back; but one file with a name years ahead must not pull every later name there.
/// </summary>
internal static class FutureName
{
    // A clock read from a file at boot, or a time zone taken for UTC, is off by less than this.
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    // A clock that was never set shows the day its system was built, at most this long ago.
    private static readonly TimeSpan MostAClockIsBehind = TimeSpan.FromDays(5 * 365);

    // Before this date the wall clock was never set, and says nothing about names.
    private static readonly DateTimeOffset Earliest = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// A name ahead of the clock is wrong if the file itself was written before now, or if no clock can be that far behind. If
    /// the file's modification time is ahead too, the clock is wrong.
    /// </summary>
    public static bool Is(ArchiveName name, ArchiveEntry entry, DateTimeOffset now) =>
        now >= Earliest
        && name.Time - now > Tolerance
        && (entry.ModifiedAt - now <= Tolerance || name.Time - now > MostAClockIsBehind);
}
