using System.Diagnostics.CodeAnalysis;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Steps through the entries of an index, which may be damaged and of any size. Keeps one entry in memory. Reports damaged parts and skips
/// them. One thread.
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

    /// <summary>The current entry; null at the end.</summary>
    public IndexEntry? Current { get; private set; }

    /// <summary>Offset of the current entry in the index.</summary>
    public long Offset { get; private set; }

    public long Entries { get; private set; }

    /// <summary>Opens the index at a path.</summary>
    /// <returns>False if there is no index, or if it cannot be used; then <paramref name="fault"/> gives the reason.</returns>
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
    /// <param name="fault">Why the index cannot be used.</param>
    /// <param name="stop">Cancels the walk.</param>
    /// <returns>Null if the index cannot be used.</returns>
    public static IndexWalk? TryRead(IByteSource source, out Finding? fault, CancellationToken stop) =>
        Of(IndexCursor.Over(source, null, out ContainerFault? bad), bad, out fault, stop);

    /// <summary>Moves to the next intact entry whose block follows the block of the previous entry.</summary>
    /// <param name="tell">Receives the faults on the way.</param>
    /// <exception cref="IOException">The device cannot read the bytes.</exception>
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
