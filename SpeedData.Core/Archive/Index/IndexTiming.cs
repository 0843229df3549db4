namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Decides when entries are written: at once, or, if blocks follow closely, together with those of the next half flush
/// interval. An index that cannot be written is given up. Writer thread.
/// </summary>
internal sealed class IndexTiming(TimeSpan flushEvery, TimeProvider time)
{
    // Ten blocks of datagrams that came in singly.
    private const int WriteBytes = 8 << 10;

    private readonly TimeSpan _every = flushEvery / 2;
    private long _writtenAt;

    /// <summary>Time until the waiting entries are to be written; <see cref="TimeSpan.MaxValue"/> if none wait.</summary>
    public TimeSpan Left(IndexFile? index) => index is { Collected: > 0 } ? time.Left(_every, _writtenAt) : TimeSpan.MaxValue;

    public void Add(IndexFile index, IndexEntry entry)
    {
        index.Add(entry);
        if (index.Collected >= WriteBytes)
            Write(index);
        else
            KeepTime(index);
    }

    /// <summary>Writes what has waited long enough.</summary>
    public void KeepTime(IndexFile index)
    {
        if (index.Collected > 0 && time.GetElapsedTime(_writtenAt) >= _every)
            Write(index);
    }

    private void Write(IndexFile index)
    {
        _writtenAt = time.GetTimestamp();
        index.TryWrite();
    }
}
