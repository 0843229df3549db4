using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

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
    public const int MaxFraming = BlockFrame.MaxNumbers + ContainerHeader.SyncLength;

    private readonly byte[] _blockHeader = new byte[BlockFrame.MaxNumbers];
    private long _length;
    private long _headerBytesUncounted;
    private int _dirty;
    private volatile int _syncError;
    private volatile bool _hasUnsyncedData;

    public ArchiveName Name => name;

    public string Path => path;

    public long OpenedAt => openedAt;

    /// <summary>Any thread: bytes up to the end of the last whole block, or of the header.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Its index, from its start; null if it has none.</summary>
    public IndexFile? Index { get; set; }

    /// <summary>Whole blocks.</summary>
    public long Blocks { get; private set; }

    /// <summary>Sync thread sets it, the writer reads it: errno of a failed sync; what is on the disk is then unknown.</summary>
    public int SyncError
    {
        get => _syncError;
        set => _syncError = value;
    }

    /// <summary>Any thread: whether a block was written that no sync has made durable yet.</summary>
    public bool HasUnsyncedData => _hasUnsyncedData;

    /// <summary>Sync thread: errno of the index's latest sync. The archive does not depend on it.</summary>
    public int IndexSyncError { get; private set; }

    /// <summary>Sync thread: it has its final name.</summary>
    public bool IsRenamed { get; set; }

    /// <summary>Sync thread: its name in the folder is durable.</summary>
    public bool NameIsDurable { get; set; }

    /// <summary>Writer: the file's header.</summary>
    public WriteResult WriteHeader(ReadOnlySpan<byte> header)
    {
        WriteResult result = files.Write(handle, 0, new WritePieces(header, default, default, default));
        if (result.IsWhole(header.Length))
            Volatile.Write(ref _length, _headerBytesUncounted = header.Length);
        return result;
    }

    /// <summary>Writer: one block in one call, from where its data lies.</summary>
    /// <param name="datagrams">Records in the block.</param>
    /// <param name="data">The block as its codec made it.</param>
    /// <param name="appended">Where it lies, if it is whole.</param>
    public WriteResult Append(long datagrams, BlockData data, out AppendedBlock appended)
    {
        int headerLength = BlockFrame.WriteNumbers(_blockHeader, datagrams, data.Length);
        var block = new WritePieces(_blockHeader.AsSpan(0, headerLength), data.First, data.Second, sync);
        WriteResult result = files.Write(handle, _length, block);
        appended = default;
        if (!result.IsWhole(block.Length))
            return result.WithSizeLimit(_length);
        appended = new AppendedBlock(_length, block.Length, block.Length + _headerBytesUncounted, Index is null ? 0 : Crc(block));
        _headerBytesUncounted = 0;
        Blocks++;
        Volatile.Write(ref _length, _length + block.Length);
        return result;
    }

    /// <summary>Writer: removes everything after the last whole block.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int CutBack() => files.Truncate(handle, _length);

    /// <summary>Writer: takes off the last block too.</summary>
    /// <param name="bytes">What <see cref="Append"/> accepted. If that includes the header, nothing is left.</param>
    public void TakeBack(long bytes)
    {
        Blocks--;
        Volatile.Write(ref _length, _length - bytes);
        CutBack();
    }

    /// <summary>Writer, after a write.</summary>
    /// <returns>True if all was synced before: a sync is now due one interval later.</returns>
    public bool MarkDirty()
    {
        _hasUnsyncedData = true;
        return Interlocked.Exchange(ref _dirty, 1) == 0;
    }

    /// <summary>Sync thread: makes durable what has been written so far.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Sync()
    {
        // Before the call: what is written during it marks the file dirty again.
        Interlocked.Exchange(ref _dirty, 0);
        if (files.Sync(handle) is not 0 and var error)
            return error;
        IndexSyncError = Index?.Sync() ?? 0;
        _hasUnsyncedData = Volatile.Read(ref _dirty) != 0;
        return 0;
    }

    public void Close()
    {
        handle.Dispose();
        Index?.Dispose();
    }

    private static uint Crc(in WritePieces pieces) =>
        Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Append(0, pieces.Head), pieces.First), pieces.Second), pieces.Tail);
}

/// <summary>A whole block in a file.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Accepted">Its bytes, and the file's header if it is the first; 0 if nothing was written.</param>
/// <param name="Crc32C">Of its bytes; 0 if nobody wants it.</param>
internal readonly record struct AppendedBlock(long Offset, long Bytes, long Accepted, uint Crc32C);
