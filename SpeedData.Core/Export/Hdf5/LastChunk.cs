using PureHDF.VOL.Native;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>
/// Keeps only the last chunk of a dataset in memory. Chunks are filled in order, and each is written when the next one begins. The
/// library's own cache keeps all chunks. One thread.
/// </summary>
internal sealed class LastChunk : IWritingChunkCache
{
    private Memory<byte> _memory;
    private ulong _index;
    private Action<ulong, Memory<byte>>? _write;

    public Memory<byte> GetChunk(ulong chunkIndex, Func<Memory<byte>> chunkAllocator, Action<ulong, Memory<byte>> chunkWriter)
    {
        ArgumentNullException.ThrowIfNull(chunkAllocator);
        if (_write is not null && _index == chunkIndex)
            return _memory;
        Flush(null);
        if (_memory.IsEmpty)
            _memory = chunkAllocator();
        (_index, _write) = (chunkIndex, chunkWriter);
        return _memory;
    }

    /// <summary>Writes the chunk and releases its memory.</summary>
    public void Release()
    {
        Flush(null);
        _memory = default;
    }

    // Each chunk is written with the delegate that came with it, because the library has a different one per chunk.
    public void Flush(Action<ulong, Memory<byte>>? chunkWriter)
    {
        // If a full disk refused a chunk, it is not written again: the library accepts each chunk only once.
        Action<ulong, Memory<byte>>? write = _write;
        _write = null;
        write?.Invoke(_index, _memory);
    }
}
