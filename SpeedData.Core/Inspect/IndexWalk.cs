using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Walks through the entries of an index, which may be damaged and of any size. One entry is in memory. What is damaged is
/// reported and skipped. One thread.
/// </summary>
internal sealed class IndexWalk : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly ContainerReader _reader;
    private readonly IndexReader _entries;
    private readonly BlockWalk _walk;
    private long _order = -1;

    private IndexWalk(ContainerReader reader, IndexReader entries, uint headerCrc, CancellationToken stop, SafeFileHandle? file = null)
    {
        _reader = reader;
        _entries = entries;
        _file = file;
        HeaderCrc = headerCrc;
        _walk = new BlockWalk(reader, stop);
    }

    /// <summary>CRC-32C of the archive's header.</summary>
    public uint HeaderCrc { get; }

    /// <summary>The entry it stands at; null at the end.</summary>
    public IndexEntry? Current { get; private set; }

    /// <summary>Where that lies in the index.</summary>
    public long Offset { get; private set; }

    public long Entries { get; private set; }

    /// <summary>Opens the index at a path.</summary>
    /// <returns>False where there is none, or <paramref name="fault"/> says why it cannot be used.</returns>
    public static bool TryOpen(string path, CancellationToken stop, [NotNullWhen(true)] out IndexWalk? walk, out Finding? fault)
    {
        walk = null;
        SafeFileHandle? file = null;
        try
        {
            file = InspectFile.Open(path, out IByteSource source);
            walk = TryRead(source, file, out fault, stop);
        }
        catch (Exception e) when (InspectFile.IsTrouble(e))
        {
            fault = InspectFile.IsMissing(e) ? null : new Finding(FindingKind.BadIndex, null, null, $"the index cannot be read: {e.Message}");
        }

        if (walk is null)
            file?.Dispose();
        return walk is not null;
    }

    /// <summary>Goes to the next entry that is whole and lies behind the one before.</summary>
    /// <param name="tell">Gets the faults it passes.</param>
    /// <exception cref="IOException">The device does not give the bytes.</exception>
    public bool MoveNext(FindingList tell)
    {
        Current = null;
        while (_walk.MoveNext())
        {
            BlockPlace place = _walk.Current;
            if (place.Fault is { } fault)
                tell.Add(FindingKind.BadIndex, place.Offset, place.Bytes, fault.Why);
            else if (Decode(place.Frame) is not { } entry)
                tell.Add(FindingKind.BadIndex, place.Offset, place.Bytes, "the block is not an entry of an index");
            else if (entry.Offset <= _order || entry.Bytes <= 0 || entry.Records < 0 || entry.Offset > long.MaxValue - entry.Bytes)
                tell.Add(FindingKind.BadIndex, place.Offset, place.Bytes, $"the entry is of {entry.Records:N0} records in {entry.Bytes:N0} bytes at {entry.Offset:N0}, after one of a block at {_order:N0}");
            else
                return Stand(entry, place.Offset);
        }

        return false;
    }

    public void Dispose() => _file?.Dispose();

    /// <param name="source">The index.</param>
    /// <param name="file">What is to be closed with the walk.</param>
    /// <param name="fault">Why it cannot be used.</param>
    /// <param name="stop">Ends the walk.</param>
    /// <returns>Null if it cannot be.</returns>
    public static IndexWalk? TryRead(IByteSource source, SafeFileHandle? file, out Finding? fault, CancellationToken stop)
    {
        ContainerReader? reader = ContainerReader.Open(source, out ContainerFault? bad);
        uint headerCrc = 0;
        IndexReader? entries = reader is null ? null : IndexReader.For(reader.Header, out headerCrc);
        fault = reader is null ? new Finding(FindingKind.BadIndex, bad!.Offset, null, $"the index cannot be used: {bad.Why}")
            : entries is null ? new Finding(FindingKind.BadIndex, 0, null, "the index cannot be used: its header is not that of a SpeedData index")
            : null;
        return fault is null ? new IndexWalk(reader!, entries!, headerCrc, stop, file) : null;
    }

    private bool Stand(IndexEntry entry, long offset)
    {
        _order = entry.Offset;
        (Current, Offset) = (entry, offset);
        Entries++;
        return true;
    }

    private IndexEntry? Decode(in BlockFrame frame) =>
        frame.Records == 1 && frame.DataLength <= IndexReader.MaxEntry ? _entries.Decode(_reader.Data(frame)) : null;
}
