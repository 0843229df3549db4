using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Keeps what continues across the files of a channel: its counter, and the drops that its process has counted. One thread.
/// </summary>
internal sealed class ChannelTrack(CounterOptions? counter)
{
    private IndexDrops? _before;
    private long _ordinal;

    /// <summary>The times of the files verified so far.</summary>
    public FileTimes Times { get; } = new();

    public CounterCheck? Counter { get; } = counter is null ? null : new CounterCheck(counter.Step);

    /// <returns>
    /// The drops since the previous entry. If another process wrote that entry, the drops since this process started; 0 if unknown.
    /// </returns>
    public IndexDrops DropsUpTo(IndexEntry entry)
    {
        if (entry is not { Dropped: { } now, Ordinal: { } ordinal })
            return default;
        bool isSameProcess = _before is { } earlier && ordinal >= _ordinal && IsGrown(earlier, now);
        IndexDrops since = isSameProcess ? _before!.Value : _before is null && ordinal > 0 ? now : default;
        (_before, _ordinal) = (now, ordinal);
        return Plus(now, since, sign: -1);
    }

    public static IndexDrops Plus(in IndexDrops a, in IndexDrops b, int sign = 1) => unchecked(new IndexDrops(
        a.Kernel + (sign * b.Kernel),
        a.Invalid + (sign * b.Invalid),
        a.SourceDenied + (sign * b.SourceDenied),
        a.RingFull + (sign * b.RingFull),
        a.Disk + (sign * b.Disk),
        a.Fault + (sign * b.Fault)));

    private static bool IsGrown(in IndexDrops before, in IndexDrops now) =>
        now.Kernel >= before.Kernel && now.Invalid >= before.Invalid && now.SourceDenied >= before.SourceDenied
        && now.RingFull >= before.RingFull && now.Disk >= before.Disk && now.Fault >= before.Fault;
}
