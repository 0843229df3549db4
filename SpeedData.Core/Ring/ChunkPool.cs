namespace SpeedData.Core.Ring;

/// <summary>
/// Knows which chunks of the ring's memory are free. A filled chunk is free again once every burst in it is released. The chunk that
/// became free last is taken first, so that a writer that keeps up works in memory that is still in its cache. Producer only.
/// </summary>
/// <remarks>
/// Measured with datagrams of 1,400 bytes at 150,000 a second: the writer takes 0.8 µs per datagram if the ring cycles through all of
/// its 8 MiB, and 0.57 µs if it stays in warm memory.
/// </remarks>
internal sealed class ChunkPool
{
    private readonly int[] _free;
    private readonly (int Chunk, long EndIndex)[] _filled;
    private int _freeCount;
    private int _oldestFilled;
    private int _filledCount;

    /// <param name="chunks">The number of chunks. All are free except chunk 0, which is in use from the start.</param>
    public ChunkPool(int chunks)
    {
        _free = new int[chunks];
        _filled = new (int, long)[chunks];
        // The lowest chunk is on top, so that a ring that needs few chunks touches few pages.
        for (int chunk = chunks - 1; chunk > 0; chunk--)
            _free[_freeCount++] = chunk;
    }

    /// <summary>Exchanges the full chunk for a free one.</summary>
    /// <param name="chunk">The chunk in use. If the result is true, it is set to the next one.</param>
    /// <param name="endIndex">The index after the chunk's last burst.</param>
    /// <param name="releasedIndex">Bursts below this index have been released.</param>
    /// <returns>False if no chunk is free. Nothing has changed then.</returns>
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
