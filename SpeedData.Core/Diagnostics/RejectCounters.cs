namespace SpeedData.Core.Diagnostics;

/// <summary>
/// Counts a channel's refused datagrams that are to be kept. Each is kept, not kept, or still on its way. Any thread.
/// </summary>
public sealed class RejectCounters
{
    private long _kept;
    private long _notKept;

    /// <summary>Refused datagrams that are in a file.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Refused datagrams that were to be kept, but found no room.</summary>
    public long NotKept => Interlocked.Read(ref _notKept);

    internal void Keep(long datagrams) => Interlocked.Add(ref _kept, datagrams);

    internal void Lose(long datagrams) => Interlocked.Add(ref _notKept, datagrams);
}
