using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// An index being written. Entries collect in memory until they are written together: a write costs as much as all else of
/// an entry. What fails is cut off and left out: an archive is whole without its index. Added to and written by
/// one thread at a time, synced by any.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    private readonly IArchiveFiles _files;
    private readonly SafeFileHandle _handle;
    private readonly byte[] _sync;
    private readonly EntryBuffer _entry = new(4 << 10);
    private readonly EntryBuffer _collected = new(16 << 10);
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
        byte[] sync = ContainerHeader.NewSync();
        var index = new IndexFile(files, handle!, sync);
        byte[] header = IndexSchema.Header(channel, archive.Finished, Container.Crc32C.Append(0, archiveHeader), sync);
        if (index.TryWrite(new WritePieces(header, default, default, default)))
            return index;
        index.Dispose();
        files.Delete(path);
        return null;
    }

    /// <summary>Bytes that were added and not written.</summary>
    public int Collected => _collected.Length;

    /// <summary>Adds an entry, in a block of its own.</summary>
    public void Add(IndexEntry entry)
    {
        _entry.Clear();
        IndexEncoding.Write(entry, _entry);
        _collected.Long(1);
        _collected.Text(_entry.Bytes);
        _collected.Append(_sync);
    }

    /// <summary>Writes what was added.</summary>
    /// <returns>False if it could not be written whole; it is left out then.</returns>
    public bool TryWrite()
    {
        if (Collected == 0)
            return true;
        bool written = !_broken && TryWrite(new WritePieces(_collected.Bytes, default, default, default));
        _collected.Clear();
        return written;
    }

    /// <returns>errno, 0 for none.</returns>
    public int Sync() => _files.Sync(_handle);

    /// <summary>To be called once, by whoever wrote last.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        _entry.Dispose();
        _collected.Dispose();
    }

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
