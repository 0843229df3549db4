using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// An index being written. What fails is cut off and left out: an archive is whole without its index. Appended to by one
/// thread, synced by another.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    private readonly IArchiveFiles _files;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _sync;
    private readonly EntryBuffer _entry = new();
    private readonly byte[] _numbers = new byte[2 * Varint.MaxBytes];
    private long _length;
    private bool _broken;

    private IndexFile(IArchiveFiles files, SafeFileHandle handle, byte[] sync)
    {
        _files = files;
        _handle = handle;
        _sync = sync;
    }

    /// <summary>Begins an index.</summary>
    /// <param name="files">File operations.</param>
    /// <param name="path">Where; nothing may be there.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="archive">The archive's name.</param>
    /// <param name="archiveHeader">The archive's header.</param>
    /// <returns>Null if it cannot be.</returns>
    public static IndexFile? Create(IArchiveFiles files, string path, string channel, ArchiveName archive, ReadOnlySpan<byte> archiveHeader)
    {
        if (files.Create(path, out SafeFileHandle? handle) != 0)
            return null;
        byte[] sync = RandomNumberGenerator.GetBytes(ContainerHeader.SyncLength);
        var index = new IndexFile(files, handle!, sync);
        byte[] header = IndexSchema.Header(channel, archive.Finished, Container.Crc32C.Append(0, archiveHeader), sync);
        if (index.TryWrite(new WritePieces(header, default, default, default)))
            return index;
        index.Dispose();
        files.Delete(path);
        return null;
    }

    /// <summary>Adds an entry, in a block of its own.</summary>
    /// <returns>False if it could not be added whole.</returns>
    public bool TryAppend(IndexEntry entry)
    {
        if (_broken)
            return false;
        _entry.Clear();
        IndexEncoding.Write(entry, _entry);
        int length = Varint.Write(_numbers, 1);
        length += Varint.Write(_numbers.AsSpan(length), _entry.Length);
        return TryWrite(new WritePieces(_numbers.AsSpan(0, length), _entry.Bytes, default, _sync));
    }

    /// <returns>errno, 0 for none.</returns>
    public int Sync() => _files.Sync(_handle);

    public void Dispose() => _handle.Dispose();

    private bool TryWrite(in WritePieces pieces)
    {
        WriteResult result = _files.Write(_handle, _length, pieces);
        if (result.Error == 0 && result.Written == pieces.Length)
        {
            _length += pieces.Length;
            return true;
        }

        _broken = _files.Truncate(_handle, _length) != 0;
        return false;
    }
}
