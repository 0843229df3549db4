using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Goes from entry to entry through an index up to its first fault, with one entry in memory, however large the index is. One
/// thread.
/// </summary>
internal sealed class IndexCursor : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly ContainerReader _reader;
    private readonly IndexReader _entries;
    private readonly IndexEntry _entry = new();
    private long _next;

    private IndexCursor(ContainerReader reader, IndexReader entries, uint headerCrc, SafeFileHandle? file)
    {
        _reader = reader;
        _entries = entries;
        _file = file;
        HeaderCrc = headerCrc;
        _next = Begin;
    }

    /// <summary>CRC-32C of the archive's header.</summary>
    public uint HeaderCrc { get; }

    /// <summary>Whether entries may be added to it as they are written today.</summary>
    public bool IsOfToday => _entries.IsOfToday;

    /// <summary>The index's own sync marker.</summary>
    public byte[] Sync => _reader.Header.Sync;

    /// <summary>Where the first entry lies.</summary>
    public long Begin => _reader.Header.Length;

    /// <summary>The entry it stands at, filled again by the next move; null before the first, at the end and at a fault.</summary>
    public IndexEntry? Current { get; private set; }

    /// <summary>Where the entry it stands at begins in the index; at the end, where the whole entries end.</summary>
    public long Position { get; private set; }

    /// <summary>Where the entry it stands at ends.</summary>
    public long End => _next;

    /// <summary>At the end: whether the index was read whole.</summary>
    public bool IsWhole => Current is null && _next == _reader.Length;

    /// <returns>Null where there is no index that can be read.</returns>
    public static IndexCursor? TryOpen(string path)
    {
        SafeFileHandle? file = null;
        IndexCursor? cursor = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var reader = ContainerReader.Open(new FileSource(file, RandomAccess.GetLength(file)), out _);
            cursor = reader is not null && IndexReader.For(reader.Header, out uint headerCrc) is { } entries ? new IndexCursor(reader, entries, headerCrc, file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is known then.
        }

        if (cursor is null)
            file?.Dispose();
        return cursor;
    }

    /// <exception cref="IOException">The device does not give the bytes.</exception>
    public bool MoveNext()
    {
        Current = null;
        Position = _next;
        if (_next >= _reader.Length || _reader.ReadFrame(_next, out BlockFrame frame) is not null)
            return false;
        if (frame.Records != 1 || frame.DataLength > IndexReader.MaxEntry || !_entries.TryDecode(_reader.Data(frame), _entry))
            return false;
        _next = frame.End;
        Current = _entry;
        return true;
    }

    /// <summary>Goes to the entry that begins at a position where one was seen.</summary>
    public bool MoveTo(long position)
    {
        _next = position;
        return MoveNext();
    }

    public void Dispose() => _file?.Dispose();
}
