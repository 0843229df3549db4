using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive;

/// <summary>
/// The archive file being written. Appended to and cut by the writer thread, synced and closed by the sync thread, never
/// both after it was handed over.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="handle">Open for writing, empty.</param>
/// <param name="name">What it will be called.</param>
/// <param name="path">What it is called now.</param>
/// <param name="openedAt">Time provider's timestamp.</param>
/// <param name="sync">Its sync marker.</param>
internal sealed class PartFile(IArchiveFiles files, SafeFileHandle handle, ArchiveName name, string path, long openedAt, byte[] sync)
{
    /// <summary>Most bytes that lie around a block's data: count, length and sync marker.</summary>
    public const int MaxFraming = (2 * Varint.MaxBytes) + ContainerHeader.SyncLength;

    private readonly byte[] _blockHeader = new byte[2 * Varint.MaxBytes];
    private long _length;
    private long _headerBytesUncounted;
    private int _dirty;
    private volatile int _syncError;

    public ArchiveName Name => name;

    public string Path => path;

    public long OpenedAt => openedAt;

    /// <summary>Any thread: bytes up to the end of the last whole block, or of the header.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Whole blocks.</summary>
    public long Blocks { get; private set; }

    /// <summary>Sync thread sets it, the writer reads it: errno of a failed sync; what is on the disk is then unknown.</summary>
    public int SyncError
    {
        get => _syncError;
        set => _syncError = value;
    }

    /// <summary>Sync thread: its name in the folder is durable.</summary>
    public bool NameIsDurable { get; set; }

    /// <summary>Writer: the file's header.</summary>
    public WriteResult WriteHeader(ReadOnlySpan<byte> header)
    {
        WriteResult result = files.Write(handle, 0, new WritePieces(header, default, default, default));
        if (result.Error == 0 && result.Written == header.Length)
            Volatile.Write(ref _length, _headerBytesUncounted = header.Length);
        return result;
    }

    /// <summary>Writer: one block in one call, from where its data lies.</summary>
    /// <param name="datagrams">Records in the block.</param>
    /// <param name="data">The block as its codec made it.</param>
    /// <param name="accepted">Bytes of the whole block as it lies in the file, and of the header if it is the file's first; 0 if it is not whole.</param>
    public WriteResult Append(long datagrams, BlockData data, out long accepted)
    {
        int headerLength = Varint.Write(_blockHeader, datagrams);
        headerLength += Varint.Write(_blockHeader.AsSpan(headerLength), data.Length);
        var block = new WritePieces(_blockHeader.AsSpan(0, headerLength), data.First, data.Second, sync);
        WriteResult result = files.Write(handle, _length, block);
        accepted = 0;
        if (result.Error != 0 || result.Written != block.Length)
            return result;
        accepted = block.Length + _headerBytesUncounted;
        _headerBytesUncounted = 0;
        Blocks++;
        Volatile.Write(ref _length, _length + block.Length);
        return result;
    }

    /// <summary>Writer: takes off whatever lies behind the last whole block.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int CutBack() => files.Truncate(handle, _length);

    /// <summary>Writer: takes off the last block too.</summary>
    /// <param name="bytes">What <see cref="Append"/> said was accepted; with the header of a first block, nothing is left.</param>
    public void TakeBack(long bytes)
    {
        Blocks--;
        Volatile.Write(ref _length, _length - bytes);
        CutBack();
    }

    /// <summary>Writer, after a write.</summary>
    /// <returns>True if all was synced before: a sync is now due one interval later.</returns>
    public bool MarkDirty() => Interlocked.Exchange(ref _dirty, 1) == 0;

    /// <summary>Sync thread: makes durable what has been written so far.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Sync()
    {
        // Before the call: what is written during it marks the file dirty anew.
        Interlocked.Exchange(ref _dirty, 0);
        return files.Sync(handle);
    }

    public void Close() => handle.Dispose();
}
