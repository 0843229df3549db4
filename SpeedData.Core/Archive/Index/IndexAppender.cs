namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Adds each block to the index of its file, after the block was counted. Writes an entry at once, or, if blocks follow closely,
/// together with the entries of the next half flush interval. Gives up an index that cannot be written. Writer thread.
/// </summary>
internal sealed class IndexAppender(BlockIndexer indexer, TimeSpan flushEvery, TimeProvider time)
{
    // The entries of ten blocks with single datagrams.
    private const int WriteBytes = 8 << 10;

    private readonly TimeSpan _every = flushEvery / 2;
    private IndexEntry? _entry;
    private long _writtenAt;

    /// <summary>Returns the time until waiting entries must be written; <see cref="TimeSpan.MaxValue"/> if none wait.</summary>
    public TimeSpan Left(IndexFile? index) => index is { Collected: > 0 } ? time.Left(_every, _writtenAt) : TimeSpan.MaxValue;

    /// <summary>Describes a block that was written and is still in the ring.</summary>
    public void Describe(in Block block, in AppendedBlock appended) =>
        _entry = indexer.Describe(block, appended.Offset, appended.Bytes, appended.Crc32C);

    /// <summary>Drops the description: the block was not written, or will not be counted.</summary>
    public void Drop() => _entry = null;

    /// <summary>Adds the entry of the described block to the index, because the block was counted.</summary>
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

    /// <summary>Writes entries that have waited long enough.</summary>
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
