using SpeedData.Core.Archive.Index;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Finds the old index entry of each block of an archive, by checksum and size. Blocks may have moved towards the beginning or be
/// gone, but their order has not changed. The index is read once, with a window of entries' keys read ahead. One thread.
/// </summary>
internal sealed class KnownEntries(IndexCursor old)
{
    // Keys take 24 bytes each, much less than entries.
    private const int Window = 4096;

    // How often it searches beyond the window, up to the end of the index, for blocks that follow a large missing part.
    private const int MostLongLooks = 16;

    private readonly Queue<(uint Crc, long Bytes, long Position)> _ahead = new();
    private readonly Dictionary<(uint Crc, long Bytes), int> _inWindow = [];
    private long _readTo = old.Begin;
    private int _longLooks;
    private bool _isAtEnd;

    /// <returns>The entry, valid until the next call; null if the old index has none for this block.</returns>
    public IndexEntry? Take(uint crc, long bytes)
    {
        FillWindow();
        if (!_inWindow.ContainsKey((crc, bytes)) && !TryLookFurther(crc, bytes))
            return null;
        while (_ahead.Count > 0)
        {
            (uint Crc, long Bytes, long Position) next = Dequeue();
            if (next.Crc == crc && next.Bytes == bytes)
                return old.MoveTo(next.Position) ? old.Current : null;
        }

        return null;
    }

    private void FillWindow()
    {
        while (_ahead.Count < Window && TryReadKey(out (uint Crc, long Bytes, long Position) key))
            Enqueue(key);
    }

    /// <summary>Skips the entries that describe a large missing part of the archive.</summary>
    private bool TryLookFurther(uint crc, long bytes)
    {
        if (_isAtEnd || _longLooks == MostLongLooks)
            return false;
        _longLooks++;
        long before = _readTo;
        while (TryReadKey(out (uint Crc, long Bytes, long Position) key))
        {
            if (key.Crc != crc || key.Bytes != bytes)
                continue;
            _ahead.Clear();
            _inWindow.Clear();
            Enqueue(key);
            return true;
        }

        _readTo = before;
        _isAtEnd = false;
        return false;
    }

    private bool TryReadKey(out (uint Crc, long Bytes, long Position) key)
    {
        key = default;
        if (_isAtEnd || !old.MoveTo(_readTo))
        {
            _isAtEnd = true;
            return false;
        }

        key = (old.Current!.Crc32C, old.Current.Bytes, _readTo);
        _readTo = old.End;
        return true;
    }

    private void Enqueue((uint Crc, long Bytes, long Position) key)
    {
        _ahead.Enqueue(key);
        _inWindow[(key.Crc, key.Bytes)] = _inWindow.GetValueOrDefault((key.Crc, key.Bytes)) + 1;
    }

    private (uint Crc, long Bytes, long Position) Dequeue()
    {
        (uint Crc, long Bytes, long Position) key = _ahead.Dequeue();
        if (--_inWindow[(key.Crc, key.Bytes)] == 0)
            _inWindow.Remove((key.Crc, key.Bytes));
        return key;
    }
}
