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
    private IndexEntry _entry = new();
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

    /// <summary>The channel it was written for; null if it does not say.</summary>
    public string? Channel => _reader.Header.Text("speeddata.channel");

    /// <summary>The archive's header, as it was written; null where the index has none.</summary>
    public byte[]? ArchiveHeader
    {
        get
        {
            string text = _reader.Header.Text(IndexSchema.HeaderCopyKey) ?? "";
            byte[] bytes = new byte[text.Length];
            return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
        }
    }

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

    /// <returns>Null if there is no index that can be read.</returns>
    public static IndexCursor? TryOpen(string path, int window = ContainerReader.UsualWindow)
    {
        try
        {
            return Open(path, out _, window);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            // Nothing is known then.
            return null;
        }
    }

    /// <returns>Null if the file is no index, and <paramref name="fault"/> says why.</returns>
    /// <exception cref="IOException">It cannot be opened; see <see cref="OpenFile.IsTrouble"/>.</exception>
    public static IndexCursor? Open(string path, out ContainerFault? fault, int window = ContainerReader.UsualWindow)
    {
        IndexCursor? cursor = null;
        SafeFileHandle file = OpenFile.Open(path, out IByteSource source);
        try
        {
            cursor = Over(source, file, out fault, window);
            return cursor;
        }
        finally
        {
            if (cursor is null)
                file.Dispose();
        }
    }

    /// <summary>The same for bytes from anywhere.</summary>
    public static IndexCursor? Over(IByteSource source, SafeFileHandle? file, out ContainerFault? fault, int window = ContainerReader.UsualWindow)
    {
        var reader = ContainerReader.Open(source, out fault, window);
        uint headerCrc = 0;
        IndexReader? entries = reader is null ? null : IndexReader.For(reader.Header, out headerCrc);
        if (reader is not null && entries is null)
            fault = new ContainerFault(ContainerFaultKind.BadHeader, 0, "its header is not that of an index");
        return reader is null || entries is null ? null : new IndexCursor(reader, entries, headerCrc, file);
    }

    /// <summary>A walk over the index that skips damage; pass what it finds to <see cref="MoveTo"/>.</summary>
    internal BlockWalk Walk(CancellationToken stop) => new(_reader, stop);

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

    /// <summary>The entry it stands at, for the caller to keep: the next move fills another.</summary>
    public IndexEntry Keep()
    {
        IndexEntry kept = _entry;
        _entry = new IndexEntry();
        return kept;
    }

    /// <summary>Goes to the entry that begins at a position that was found before.</summary>
    public bool MoveTo(long position)
    {
        _next = position;
        return MoveNext();
    }

    /// <summary>Goes to an entry a little before that of a block, or to the first, without reading all of those before it.</summary>
    public void MoveNear(long offset)
    {
        const long Near = 64 << 10;
        (long low, long high) = (Begin, _reader.Length);
        while (high - low > Near)
        {
            long middle = low + ((high - low) / 2);
            long sync = _reader.FindSync(middle, high, default);
            if (sync >= 0 && MoveTo(sync + ContainerHeader.SyncLength) && Current!.Offset < offset)
                low = Position;
            else
                high = middle;
        }

        MoveTo(low);
    }

    /// <summary>Goes to the last entry without reading those before it.</summary>
    /// <returns>False if it cannot be found.</returns>
    public bool MoveToLast()
    {
        for (long window = 8 << 10; ; window *= 16)
        {
            long from = Math.Max(Begin - ContainerHeader.SyncLength, _reader.Length - window);
            (long before, long last) = (-1, -1);
            for (long at = _reader.FindSync(from); at >= 0; at = _reader.FindSync(at + ContainerHeader.SyncLength))
                (before, last) = (last, at);
            if (before >= 0)
                return MoveTo(before + ContainerHeader.SyncLength);
            if (from < Begin)
                return false;
        }
    }

    public void Dispose() => _file?.Dispose();
}
