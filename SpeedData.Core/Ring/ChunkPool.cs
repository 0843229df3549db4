namespace SpeedData.Core.Ring;

/// <summary>
/// Which chunks of the ring's memory are free. A chunk that was filled is free again once every burst in it is released;
/// the one that became free last is taken first, so that a writer that keeps up works in memory that its cache still holds.
/// Producer only.
/// </summary>
/// <remarks>
/// Measured with datagrams of 1,400 bytes at 150,000 a second: walking through all of 8 MiB costs the writer 0.8 µs a
/// datagram, staying in what is warm 0.57.
/// </remarks>
internal sealed class ChunkPool
{
    private readonly int[] _free;
    private readonly (int Chunk, long EndIndex)[] _filled;
    private int _freeCount;
    private int _oldestFilled;
    private int _filledCount;

    /// <param name="chunks">How many there are; all but chunk 0, which is in use from the start, are free.</param>
    public ChunkPool(int chunks)
    {
        _free = new int[chunks];
        _filled = new (int, long)[chunks];
        // The lowest on top: a ring that needs few chunks touches few pages.
        for (int chunk = chunks - 1; chunk > 0; chunk--)
            _free[_freeCount++] = chunk;
    }

    /// <summary>Exchanges the chunk in use, whose last burst lies below <paramref name="endIndex"/>, for a free one.</summary>
    /// <param name="chunk">The chunk in use; the next one if the answer is true.</param>
    /// <param name="endIndex">Index behind its last burst.</param>
    /// <param name="releasedIndex">Bursts below this one have been released.</param>
    /// <returns>False, and nothing has changed, if none is free.</returns>
    public bool TryExchange(ref int chunk, long endIndex, long releasedIndex)
    {
        Reclaim(releasedIndex);
        if (_freeCount == 0)
            return false;
        _filled[(_oldestFilled + _filledCount++) % _filled.Length] = (chunk, endIndex);
        chunk = _free[--_freeCount];
        return true;
    }

    private void Reclaim(long releasedIndex)
    {
        while (_filledCount > 0 && _filled[_oldestFilled].EndIndex <= releasedIndex)
        {
            _free[_freeCount++] = _filled[_oldestFilled].Chunk;
            _oldestFilled = (_oldestFilled + 1) % _filled.Length;
            _filledCount--;
        }
    }
}
