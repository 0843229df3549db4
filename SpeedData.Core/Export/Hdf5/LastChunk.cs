using PureHDF.VOL.Native;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>
/// Keeps the last chunk of a dataset only: chunks are filled one after the other, and each is written when the next begins.
/// The library's own cache keeps them all. One thread.
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

    /// <summary>Writes the chunk, and lets go of its memory.</summary>
    public void Release()
    {
        Flush(null);
        _memory = default;
    }

    // A chunk is written through what came with it: the library has another writer for each.
    public void Flush(Action<ulong, Memory<byte>>? chunkWriter)
    {
        // A chunk that a full disk did not take is not tried again: the library takes each once.
        Action<ulong, Memory<byte>>? write = _write;
        _write = null;
        write?.Invoke(_index, _memory);
    }
}
