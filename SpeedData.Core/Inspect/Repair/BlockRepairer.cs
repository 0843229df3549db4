using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Copies the blocks of one file to another: intact blocks unchanged, and the complete records of damaged blocks. One thread.
/// </summary>
internal sealed class BlockRepairer(ContainerReader reader, IndexMatch? index, ContainerWriter writer, RepairedIndex? newIndex, RepairReport report, Func<bool> isHeld)
{
    private readonly BlockCheck _check = new(reader.Header);
    private readonly FileReport _found = report.Found;

    /// <exception cref="RepairOutputException">A block cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The repair was cancelled.</exception>
    public void Run(IInspectProgress? progress, CancellationToken stop)
    {
        var walk = new BlockWalk(reader, stop);
        var saver = new RecordSaver(reader, _check);
        TellWhatIsNotLookedInto();
        try
        {
            while (walk.MoveNext())
            {
                See(walk, saver);
                progress?.At(_found.Path, walk.Current.End, reader.Length);
            }

            index?.End(reader.Length, isHeld);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            Lose(FindingKind.Unreadable, walk.Position, reader.Length - walk.Position, 0, $"cannot be read from here on: {e.Message}");
        }

        // Records of index entries without a block are lost. These findings mean that recorded data is missing or changed.
        report.LostRecords = Saturated.Add(report.LostRecords, _found.RecordsLost);
        report.IsLossy |= _found.Findings.Counts.Keys.Any(kind => kind is FindingKind.ChecksumMismatch or FindingKind.NoBlock or FindingKind.BadIndex);
    }

    private void See(BlockWalk walk, RecordSaver saver)
    {
        BlockPlace place = walk.Current;
        if (place.Fault is null)
            Whole(walk, place, saver);
        else if (place.Fault.Kind == ContainerFaultKind.TooLarge)
            Unseen(place, place.Fault.Why);
        else
            Damaged(place, BlockVerifier.KindOf(place.Fault), place.Fault.Why, saver);
    }

    private void Whole(BlockWalk walk, in BlockPlace place, RecordSaver saver)
    {
        BlockFrame frame = place.Frame;
        ReadOnlySpan<byte> bytes = reader.Bytes(frame.Offset, (int)place.Bytes);
        if (bytes.Length < place.Bytes)
            throw new EndOfStreamException("the file was cut while it was read");
        ReadOnlySpan<byte> data = bytes.Slice((int)(frame.DataOffset - frame.Offset), (int)frame.DataLength);
        uint crc = Crc32C.Append(0, bytes);
        BlockVerdict verdict = _check.Check(data, frame.Records, out ReadOnlySpan<byte> decoded);
        if (verdict.Fault == FindingKind.TooLarge)
            Unseen(place, verdict.Why);
        else if (verdict.IsGood)
            TakeOver(frame, data, crc, saver.Times(decoded, new RecordCount(verdict.Records, verdict.Length, verdict.Last, RecordFaultKind.None)));
        else
            Bad(walk, verdict, saver);
    }

    private void TakeOver(in BlockFrame frame, ReadOnlySpan<byte> data, uint crc, (long? First, long? Last) device)
    {
        IndexEntry? entry = index?.EntryFor(frame.Offset, isHeld);
        if (entry is not null && entry.Crc32C != crc)
            _found.Findings.Add(FindingKind.ChecksumMismatch, frame.Offset, null, "the block does not match its checksum in the index; it was kept, since its records fit the schema");
        WrittenBlock written = writer.Block(frame.Records, data);
        newIndex?.Add(written, frame.Records, entry, device);
        report.Blocks++;
        report.Records = Saturated.Add(report.Records, frame.Records);
    }

    private void Bad(BlockWalk walk, in BlockVerdict verdict, RecordSaver saver)
    {
        BlockPlace whole = walk.Current;
        walk.Distrust();
        BlockPlace place = walk.Current;
        if (place.End < whole.End)
            Damaged(place, FindingKind.SyncMismatch, place.Fault!.Why, saver);
        else
            Damaged(place, verdict.Fault!.Value, verdict.Why, saver);
    }

    private void Damaged(in BlockPlace place, FindingKind kind, string why, RecordSaver saver)
    {
        bool isEnd = place.End == reader.Length && place.Marker < 0 && !place.IsMarkerOnly;
        if (isEnd && isHeld())
        {
            _found.IsBeingWritten = true;
            _found.Note($"a server is writing it: its last {place.Bytes:N0} bytes are an unfinished block");
            return;
        }

        (IndexEntry? first, long entries, long indexed) = index?.Within(place) ?? default;
        SavedRecords saved = saver.From(place);
        if (saved.Records > 0)
        {
            WrittenBlock written = writer.Block(saved.Records, saved.Data);
            newIndex?.Add(written, saved.Records, entries == 1 ? first : null, saved.Device);
            report.SalvagedBlocks++;
            report.SalvagedRecords += saved.Records;
        }

        long stated = entries > 0 ? indexed : saved.IsAll ? saved.Records : Believable(place, isEnd);
        bool isAll = saved.IsAll || (isEnd && stated > 0 && saved.Records == stated);
        Account(place, kind, why, saved with { IsAll = isAll }, stated);
    }

    private void Account(in BlockPlace place, FindingKind kind, string why, in SavedRecords saved, long stated)
    {
        long lost = Math.Max(0, stated - saved.Records);
        if (lost == 0 && saved.IsAll)
            _found.Findings.Add(kind, place.Offset, place.Bytes, $"{why}; all its {saved.Records:N0} records were saved");
        else if (lost == 0 && saved.Records == 0 && IsZero(place))
            _found.Findings.Add(kind, place.Offset, place.Bytes, $"{why}; zeros, left out");
        else
            Lose(kind, place.Offset, place.Bytes - saved.Kept, lost, $"{why}; {saved.Records:N0} records were saved");
    }

    private void Lose(FindingKind kind, long offset, long bytes, long records, string what)
    {
        report.IsLossy = true;
        report.LostBytes += bytes;
        report.LostRecords = Saturated.Add(report.LostRecords, records);
        _found.DamagedBlocks++;
        _found.Findings.Add(kind, offset, bytes, records > 0 ? $"{what}, {records:N0} are lost" : what);
    }

    private void Unseen(in BlockPlace place, string why)
    {
        IndexEntry? entry = index?.EntryFor(place.Offset, isHeld);
        WrittenBlock written = writer.Copy(reader, place.Frame);
        newIndex?.Add(written, place.Frame.Records, entry, default);
        // The count that the block states is not verified.
        report.Blocks++;
        _found.Findings.Add(FindingKind.TooLarge, place.Offset, null, $"{why}; copied unchanged");
    }

    /// <summary>
    /// Returns the stated count if it can be trusted: if the block's framing is intact, or the file was cut inside the block.
    /// </summary>
    private static long Believable(in BlockPlace place, bool isEnd)
    {
        bool isFramed = place.Fault is null || place.IsMarkerOnly || (isEnd && place.Fault.Kind == ContainerFaultKind.Truncated);
        // Records without bytes are rare, damaged counts are not.
        return isFramed && place.Frame.Records <= place.Frame.DataLength ? place.Frame.Records : 0;
    }

    private bool IsZero(in BlockPlace place)
    {
        const int Piece = 1 << 20;
        for (long at = place.Offset; at < place.End; at += Piece)
        {
            if (reader.Bytes(at, (int)Math.Min(Piece, place.End - at)).ContainsAnyExcept((byte)0))
                return false;
        }

        return true;
    }

    private void TellWhatIsNotLookedInto()
    {
        if (_check.SchemaFault is { } why)
            _found.Findings.Add(FindingKind.BadSchema, null, null, $"the records cannot be checked, so whole blocks are copied unchanged: {why}");
        if (!_check.KnowsCodec)
            _found.Note("its codec is not supported, so whole blocks are copied unchanged");
    }
}
