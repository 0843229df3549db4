using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Compares an index with the blocks of its archive. Both are read once, in the order of the file. One thread.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="report">Gets what is found.</param>
/// <param name="shift">Bytes by which the blocks lie behind where the index has them.</param>
internal sealed class IndexMatch(IndexWalk index, FileReport report, long shift = 0)
{
    /// <param name="header">The archive's header; empty for one that cannot match.</param>
    public void Begin(ReadOnlySpan<byte> header)
    {
        report.Index = IndexState.Used;
        if (!header.IsEmpty && Crc32C.Append(0, header) != index.HeaderCrc)
            report.Findings.Add(FindingKind.ChecksumMismatch, 0, null, "the header does not match its checksum in the index");
        Next();
    }

    /// <summary>The entry of a block; where there is none that is a finding, unless the file is being written.</summary>
    public IndexEntry? EntryFor(long offset, Func<bool> isBeingWritten)
    {
        while (index.Current is { } before && OffsetOf(before) < offset)
            Missing(before);
        if (index.Current is not { } entry || OffsetOf(entry) != offset)
        {
            // The entry is written after its block.
            if (index.Current is not null || !isBeingWritten())
                report.Findings.Add(FindingKind.NotIndexed, offset, null, "the index has no entry for the block");
            return null;
        }

        Next();
        return entry;
    }

    /// <summary>Skips the entries of a damaged part.</summary>
    /// <returns>The first of them, their number, and the records in them.</returns>
    public (IndexEntry? First, long Entries, long Records) Within(in BlockPlace place)
    {
        IndexEntry? first = index.Current;
        (long entries, long records) = (0, 0);
        for (; index.Current is { } entry && OffsetOf(entry) < place.End; Next())
        {
            entries++;
            records = Saturated.Add(records, entry.Records);
        }

        return (entries > 0 ? first : null, entries, records);
    }

    /// <summary>Reports the entries that are left at the end of the archive.</summary>
    public void End(long length, Func<bool> isBeingWritten)
    {
        // Blocks may have been added since the archive was opened.
        while (index.Current is { } entry && (OffsetOf(entry) < length || !isBeingWritten()))
            Missing(entry);
        report.IndexEntries = index.Entries;
    }

    private void Missing(IndexEntry entry)
    {
        report.Findings.Add(FindingKind.NoBlock, OffsetOf(entry), null, $"the index has a block of {entry.Records:N0} records here, but no block begins here");
        report.RecordsLost = Saturated.Add(report.RecordsLost, entry.Records);
        Next();
    }

    private long OffsetOf(IndexEntry entry) => entry.Offset + shift;

    private void Next() => index.MoveNext(report.Findings);
}
