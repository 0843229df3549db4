namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Describes each block in the index of its file, after the block was counted. An entry is written at once, or, if blocks follow
/// closely, together with those of the next half flush interval. An index that cannot be written is given up. Writer thread.
/// </summary>
internal sealed class IndexAppender(BlockIndexer indexer, TimeSpan flushEvery, TimeProvider time)
{
    // Ten blocks of datagrams that came in singly.
    private const int WriteBytes = 8 << 10;

    private readonly TimeSpan _every = flushEvery / 2;
    private IndexEntry? _entry;
    private long _writtenAt;

    /// <summary>Time until the waiting entries are to be written; <see cref="TimeSpan.MaxValue"/> if none wait.</summary>
    public TimeSpan Left(IndexFile? index) => index is { Collected: > 0 } ? time.Left(_every, _writtenAt) : TimeSpan.MaxValue;

    /// <summary>Describes a block that was written and still lies in the ring.</summary>
    public void Describe(in Block block, in AppendedBlock appended) =>
        _entry = indexer.Describe(block, appended.Offset, appended.Bytes, appended.Crc32C);

    /// <summary>There is no such block, or it will not be counted.</summary>
    public void Drop() => _entry = null;

    /// <summary>The block was counted: its entry goes to the index.</summary>
    public void Append(IndexFile? index)
    {
        if (_entry is not { } entry || index is null)
            return;
        index.Add(entry);
        if (index.Collected >= WriteBytes)
            Write(index);
        else
            KeepTime(index);
    }

    /// <summary>Writes what has waited long enough.</summary>
    public void KeepTime(IndexFile? index)
    {
        if (index is { Collected: > 0 } && time.GetElapsedTime(_writtenAt) >= _every)
            Write(index);
    }

    private void Write(IndexFile index)
    {
        _writtenAt = time.GetTimestamp();
        index.TryWrite();
    }
}
