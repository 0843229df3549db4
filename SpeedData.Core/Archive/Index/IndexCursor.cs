using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// Moves from entry to entry through an index up to its first fault. Keeps one entry in memory, however large the index is. One
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

    /// <summary>The channel that it was written for; null if that is not recorded.</summary>
    public string? Channel => _reader.Header.Text("speeddata.channel");

    /// <summary>A copy of the archive's header; null if the index has none.</summary>
    public byte[]? ArchiveHeader
    {
        get
        {
            string text = _reader.Header.Text(IndexSchema.HeaderCopyKey) ?? "";
            byte[] bytes = new byte[text.Length];
            return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
        }
    }

    /// <summary>Whether the index has today's schema, so that entries can be appended.</summary>
    public bool IsOfToday => _entries.IsOfToday;

    /// <summary>The index's own sync marker.</summary>
    public byte[] Sync => _reader.Header.Sync;

    /// <summary>The offset of the first entry.</summary>
    public long Begin => _reader.Header.Length;

    /// <summary>The current entry, filled again by the next move; null before the first entry, at the end and at a fault.</summary>
    public IndexEntry? Current { get; private set; }

    /// <summary>The offset of the current entry in the index; at the end, the end of the complete entries.</summary>
    public long Position { get; private set; }

    /// <summary>The offset at which the current entry ends.</summary>
    public long End => _next;

    /// <summary>Whether the cursor reached the end of the file without a fault.</summary>
    public bool IsWhole => Current is null && _next == _reader.Length;

    /// <returns>Null if no index can be read there.</returns>
    public static IndexCursor? TryOpen(string path, int window = ContainerReader.UsualWindow)
    {
        try
        {
            return Open(path, out _, window);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            // Nothing can be read from the index then.
            return null;
        }
    }

    /// <returns>Null if the file is not an index. <paramref name="fault"/> then has the reason.</returns>
    /// <exception cref="IOException">The file cannot be opened; see <see cref="OpenFile.IsTrouble"/>.</exception>
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

    /// <summary>Opens an index from any source of bytes.</summary>
    public static IndexCursor? Over(IByteSource source, SafeFileHandle? file, out ContainerFault? fault, int window = ContainerReader.UsualWindow)
    {
        var reader = ContainerReader.Open(source, out fault, window);
        uint headerCrc = 0;
        IndexReader? entries = reader is null ? null : IndexReader.For(reader.Header, out headerCrc);
        if (reader is not null && entries is null)
            fault = new ContainerFault(ContainerFaultKind.BadHeader, 0, "its header is not that of an index");
        return reader is null || entries is null ? null : new IndexCursor(reader, entries, headerCrc, file);
    }

    /// <summary>Returns a walk over the index that skips damage. Pass the positions it finds to <see cref="MoveTo"/>.</summary>
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

    /// <summary>Returns the current entry for the caller to keep. The next move fills another object.</summary>
    public IndexEntry Keep()
    {
        IndexEntry kept = _entry;
        _entry = new IndexEntry();
        return kept;
    }

    /// <summary>Moves to the entry that begins at a position found earlier.</summary>
    public bool MoveTo(long position)
    {
        _next = position;
        return MoveNext();
    }

    /// <summary>Moves to an entry shortly before that of a block, or to the first, without reading all entries before it.</summary>
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

    /// <summary>Moves to the last entry without reading the entries before it.</summary>
    /// <returns>False if the last entry cannot be found.</returns>
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
