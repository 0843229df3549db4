using System.Diagnostics.CodeAnalysis;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Walks through the entries of an index, which may be damaged and of any size. One entry is in memory. What is damaged is
/// reported and skipped. One thread.
/// </summary>
internal sealed class IndexWalk : IDisposable
{
    private readonly IndexCursor _cursor;
    private readonly BlockWalk _walk;
    private long _order = -1;

    private IndexWalk(IndexCursor cursor, CancellationToken stop)
    {
        _cursor = cursor;
        _walk = cursor.Walk(stop);
    }

    /// <summary>CRC-32C of the archive's header.</summary>
    public uint HeaderCrc => _cursor.HeaderCrc;

    /// <summary>The entry it stands at; null at the end.</summary>
    public IndexEntry? Current { get; private set; }

    /// <summary>Where that lies in the index.</summary>
    public long Offset { get; private set; }

    public long Entries { get; private set; }

    /// <summary>Opens the index at a path.</summary>
    /// <returns>False if there is none, or <paramref name="fault"/> says why it cannot be used.</returns>
    public static bool TryOpen(string path, CancellationToken stop, [NotNullWhen(true)] out IndexWalk? walk, out Finding? fault)
    {
        walk = null;
        try
        {
            walk = Of(IndexCursor.Open(path, out ContainerFault? bad), bad, out fault, stop);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            fault = OpenFile.IsMissing(e) ? null : new Finding(FindingKind.BadIndex, null, null, $"the index cannot be read: {e.Message}");
        }

        return walk is not null;
    }

    /// <param name="source">The index.</param>
    /// <param name="fault">Why it cannot be used.</param>
    /// <param name="stop">Ends the walk.</param>
    /// <returns>Null if it cannot be.</returns>
    public static IndexWalk? TryRead(IByteSource source, out Finding? fault, CancellationToken stop) =>
        Of(IndexCursor.Over(source, null, out ContainerFault? bad), bad, out fault, stop);

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
            else if (!_cursor.MoveTo(place.Offset) || _cursor.Current is not { } entry)
                tell.Add(FindingKind.BadIndex, place.Offset, place.Bytes, "the block is not an entry of an index");
            else if (entry.Offset <= _order || entry.Bytes <= 0 || entry.Records < 0 || entry.Offset > long.MaxValue - entry.Bytes)
                tell.Add(FindingKind.BadIndex, place.Offset, place.Bytes, $"the entry describes {entry.Records:N0} records in {entry.Bytes:N0} bytes at {entry.Offset:N0}, but the entry before it describes a block at {_order:N0}");
            else
                return Stand(_cursor.Keep(), place.Offset);
        }

        return false;
    }

    public void Dispose() => _cursor.Dispose();

    private static IndexWalk? Of(IndexCursor? cursor, ContainerFault? bad, out Finding? fault, CancellationToken stop)
    {
        fault = cursor is null ? new Finding(FindingKind.BadIndex, bad!.Offset, null, $"the index cannot be used: {bad.Why}") : null;
        return cursor is null ? null : new IndexWalk(cursor, stop);
    }

    private bool Stand(IndexEntry entry, long offset)
    {
        _order = entry.Offset;
        (Current, Offset) = (entry, offset);
        Entries++;
        return true;
    }
}
