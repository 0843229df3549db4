using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive;

/// <summary>
/// The archive file being written. The writer thread appends to it and cuts it; the sync thread syncs and closes it. After the
/// writer has handed it over, only the sync thread uses it.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="handle">The file, empty and open for writing.</param>
/// <param name="name">The final name.</param>
/// <param name="path">The present path.</param>
/// <param name="openedAt">The time provider's timestamp at which it was opened.</param>
/// <param name="sync">The file's sync marker.</param>
internal sealed class PartFile(IArchiveFiles files, SafeFileHandle handle, ArchiveName name, string path, long openedAt, byte[] sync)
{
    /// <summary>The most framing that a block has besides its data: count, size and sync marker, in bytes.</summary>
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

    /// <summary>Any thread: the length in bytes up to the end of the last complete block, or of the header.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>The file's index; null if it has none.</summary>
    public IndexFile? Index { get; set; }

    /// <summary>The number of complete blocks.</summary>
    public long Blocks { get; private set; }

    /// <summary>
    /// The errno of a failed sync, after which the contents on the disk are unknown. The sync thread sets it, the writer reads it.
    /// </summary>
    public int SyncError
    {
        get => _syncError;
        set => _syncError = value;
    }

    /// <summary>Any thread: whether a block was written that no sync has made durable yet.</summary>
    public bool HasUnsyncedData => _hasUnsyncedData;

    /// <summary>Sync thread: the errno of the index's latest sync. The archive does not depend on it.</summary>
    public int IndexSyncError { get; private set; }

    /// <summary>Sync thread: whether it has its final name.</summary>
    public bool IsRenamed { get; set; }

    /// <summary>Sync thread: whether its name in the folder is durable.</summary>
    public bool NameIsDurable { get; set; }

    /// <summary>Writer: writes the file's header.</summary>
    public WriteResult WriteHeader(ReadOnlySpan<byte> header)
    {
        WriteResult result = files.Write(handle, 0, new WritePieces(header, default, default, default));
        if (result.IsWhole(header.Length))
            Volatile.Write(ref _length, _headerBytesUncounted = header.Length);
        return result;
    }

    /// <summary>Writer: appends one block with one call, directly from the memory that holds its data.</summary>
    /// <param name="datagrams">Records in the block.</param>
    /// <param name="data">The block's data after its codec.</param>
    /// <param name="appended">The place of the block in the file, if it was written completely.</param>
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

    /// <summary>Writer: removes everything after the last complete block.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int CutBack() => files.Truncate(handle, _length);

    /// <summary>Writer: removes the last block.</summary>
    /// <param name="bytes">The bytes that <see cref="Append"/> accepted. If that includes the header, nothing is left.</param>
    public void TakeBack(long bytes)
    {
        Blocks--;
        Volatile.Write(ref _length, _length - bytes);
        CutBack();
    }

    /// <summary>Writer: notes that data was written.</summary>
    /// <returns>Whether everything was synced before. A sync is then due one interval later.</returns>
    public bool MarkDirty()
    {
        _hasUnsyncedData = true;
        return Interlocked.Exchange(ref _dirty, 1) == 0;
    }

    /// <summary>Sync thread: makes everything durable that has been written so far.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Sync()
    {
        // Before the call: data that is written during the call marks the file dirty again.
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

/// <summary>A complete block in a file.</summary>
/// <param name="Offset">The offset of the block.</param>
/// <param name="Bytes">The size of the block.</param>
/// <param name="Accepted">The size of the block, plus the file's header if the block is the first; 0 if nothing was written.</param>
/// <param name="Crc32C">The CRC-32C of the block; 0 if there is no index.</param>
internal readonly record struct AppendedBlock(long Offset, long Bytes, long Accepted, uint Crc32C);
