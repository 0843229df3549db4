using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// An index being written. Entries collect in memory and are written together, because a write costs as much as all other work
/// for an entry. A failed write is cut off and tried again; an archive is complete without its index. One thread at a time adds
/// and writes; any thread may sync.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    // Room for the entries of some thousand blocks while the disk is full.
    private const int MostKept = 1 << 20;

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
    /// <param name="path">The path of the index. No file may exist there.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="archive">The archive's name.</param>
    /// <param name="archiveHeader">The archive's header.</param>
    /// <returns>Null if the index cannot be created.</returns>
    public static IndexFile? Create(IArchiveFiles files, string path, string channel, ArchiveName archive, ReadOnlySpan<byte> archiveHeader)
    {
        if (files.Create(path, out SafeFileHandle? handle) != 0)
            return null;
        byte[] sync = ContainerHeader.NewSync();
        var index = new IndexFile(files, handle!, sync);
        byte[] header = IndexSchema.Header(channel, archive.Finished, archiveHeader, sync);
        if (index.TryWrite(new WritePieces(header, default, default, default)))
            return index;
        index.Dispose();
        files.Delete(path);
        return null;
    }

    /// <summary>Continues an existing index.</summary>
    /// <param name="files">File operations.</param>
    /// <param name="path">The path of the index.</param>
    /// <param name="sync">The index's sync marker.</param>
    /// <param name="length">The end of the complete entries. Bytes after it are cut off.</param>
    /// <returns>Null if the index cannot be written.</returns>
    public static IndexFile? Continue(IArchiveFiles files, string path, byte[] sync, long length)
    {
        if (files.Open(path, out SafeFileHandle? handle) != 0)
            return null;
        var index = new IndexFile(files, handle!, sync) { _length = length };
        if (files.Truncate(handle!, length) == 0)
            return index;
        index.Dispose();
        return null;
    }

    /// <summary>Bytes that were added but not written.</summary>
    public int Collected => _collected.Length;

    /// <summary>Adds an entry as a block of its own.</summary>
    public void Add(IndexEntry entry)
    {
        _entry.Clear();
        IndexEncoding.Write(entry, _entry);
        _collected.Long(1);
        _collected.Text(_entry.Bytes);
        _collected.Append(_sync);
    }

    /// <summary>Writes the added entries.</summary>
    /// <returns>False if not all of them could be written. They are kept for the next call, unless they have become too many.</returns>
    public bool TryWrite()
    {
        if (Collected == 0)
            return true;
        bool written = !_broken && TryWrite(new WritePieces(_collected.Bytes, default, default, default));
        if (written || _broken || Collected > MostKept)
            _collected.Clear();
        return written;
    }

    /// <returns>errno, 0 for none.</returns>
    public int Sync() => _files.Sync(_handle);

    /// <summary>Closes the index. The last thread that writes calls it, once.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        _entry.Dispose();
        _collected.Dispose();
    }

    private bool TryWrite(in WritePieces pieces)
    {
        WriteResult result = _files.Write(_handle, _length, pieces);
        if (result.IsWhole(pieces.Length))
        {
            _length += pieces.Length;
            return true;
        }

        _broken = _files.Truncate(_handle, _length) != 0;
        return false;
    }
}
