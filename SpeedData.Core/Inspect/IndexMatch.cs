using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>Compares an index with the blocks of its archive. Reads both once, in file order. One thread.</summary>
/// <param name="index">The index.</param>
/// <param name="report">Receives the findings.</param>
/// <param name="shift">The real offset of the blocks minus their offset in the index.</param>
internal sealed class IndexMatch(IndexWalk index, FileReport report, long shift = 0)
{
    /// <param name="header">The archive's header; empty if it cannot match.</param>
    public void Begin(ReadOnlySpan<byte> header)
    {
        report.Index = IndexState.Used;
        if (!header.IsEmpty && Crc32C.Append(0, header) != index.HeaderCrc)
            report.Findings.Add(FindingKind.ChecksumMismatch, 0, null, "the header does not match its checksum in the index");
        Next();
    }

    /// <summary>Returns the entry of a block. A missing entry is a finding, unless the file is being written.</summary>
    public IndexEntry? EntryFor(long offset, Func<bool> isBeingWritten)
    {
        while (index.Current is { } before && OffsetOf(before) < offset)
            Missing(before);
        if (index.Current is not { } entry || OffsetOf(entry) != offset)
        {
            // The writer adds the entry after the block.
            if (index.Current is not null || !isBeingWritten())
                report.Findings.Add(FindingKind.NotIndexed, offset, null, "the index has no entry for the block");
            return null;
        }

        Next();
        return entry;
    }

    /// <summary>Skips the entries of a damaged part.</summary>
    /// <returns>The first skipped entry, the number of skipped entries, and the records in them.</returns>
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

    /// <summary>Reports the remaining entries at the end of the archive.</summary>
    public void End(long length, Func<bool> isBeingWritten)
    {
        // A server may have added blocks since the archive was opened.
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
