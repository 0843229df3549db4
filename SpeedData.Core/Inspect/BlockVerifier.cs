using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect;

/// <summary>Verifies the blocks of one file and compares them with its index, if it has one. One thread.</summary>
internal sealed class BlockVerifier
{
    private readonly ContainerReader _reader;
    private readonly FileReport _report;
    private readonly BlockCheck _check;
    private readonly IndexMatch? _index;
    private readonly ChannelTrack _track;
    private readonly RecordVisit? _visit;
    private readonly string? _folder;
    private bool? _isHeld;

    public BlockVerifier(ContainerReader reader, FileReport report, IndexWalk? index, ChannelTrack track, CounterOptions? counter, string? folder)
    {
        (_reader, _report, _track, _folder) = (reader, report, track, folder);
        _check = new BlockCheck(reader.Header);
        report.Codec = reader.Header.Codec;
        report.Channel = reader.Header.Text("speeddata.channel");
        report.Schema = _check.Layout is { } layout ? NameOf(layout) : null;
        report.LooksInside = _check.LooksInside;
        if (_check.LooksInside)
            _visit = new RecordVisit(_check.Layout!, _check.Time, report, track.Counter, counter);
        if (index is not null)
            _index = new IndexMatch(index, report);
        TellWhatIsNotLookedInto();
    }

    public void Run(IInspectProgress? progress, CancellationToken stop)
    {
        var walk = new BlockWalk(_reader, stop);
        _index?.Begin(_reader.Bytes(0, _reader.Header.Length));
        try
        {
            while (walk.MoveNext())
            {
                See(walk);
                progress?.At(_report.Path, walk.Current.End, _reader.Length);
            }

            _index?.End(_reader.Length, IsHeld);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            long at = walk.Position;
            _report.Findings.Add(FindingKind.Unreadable, at, _reader.Length - at, $"cannot be read from here on: {e.Message}");
        }
    }

    private void See(BlockWalk walk)
    {
        BlockPlace place = walk.Current;
        if (place.Fault is null)
            Whole(walk, place);
        else if (place.Fault.Kind == ContainerFaultKind.TooLarge)
            Huge(place, place.Fault.Why);
        else
            Damaged(place, place.Fault);
    }

    private void Huge(in BlockPlace place, string why)
    {
        _index?.EntryFor(place.Offset, IsHeld);
        NotLookedInto(place, why);
    }

    private void Whole(BlockWalk walk, in BlockPlace place)
    {
        BlockFrame frame = place.Frame;
        ReadOnlySpan<byte> bytes = _reader.Bytes(frame.Offset, (int)place.Bytes);
        if (bytes.Length < place.Bytes)
            throw new EndOfStreamException("the file was cut while it was read");
        IndexEntry? entry = _index?.EntryFor(frame.Offset, IsHeld);
        bool isProven = entry is not null && entry.Crc32C == Crc32C.Append(0, bytes);
        BlockVerdict verdict = _check.Check(bytes.Slice((int)(frame.DataOffset - frame.Offset), (int)frame.DataLength), frame.Records, out ReadOnlySpan<byte> decoded);
        bool isLarge = verdict.Fault == FindingKind.TooLarge;
        if (!verdict.IsGood && !isLarge)
            Bad(walk, place, verdict, entry, isProven);
        else if (entry is not null && !isProven)
            Spoil(place, FindingKind.ChecksumMismatch, "the block does not match its checksum in the index", entry);
        else if (isLarge)
            NotLookedInto(place, verdict.Why);
        else
            Good(frame, verdict, decoded, entry);
    }

    private void Good(in BlockFrame frame, in BlockVerdict verdict, ReadOnlySpan<byte> decoded, IndexEntry? entry)
    {
        _report.Blocks++;
        _report.Records = Saturated.Add(_report.Records, verdict.Records);
        _visit?.See(decoded[..verdict.Length], verdict, frame.Offset);
        if (entry is null)
            return;
        long bytes = frame.End - frame.Offset;
        if (entry.Records != frame.Records || entry.Bytes != bytes)
            _report.Findings.Add(FindingKind.IndexMismatch, frame.Offset, null, $"the index has {entry.Records:N0} records in {entry.Bytes:N0} bytes, the block has {frame.Records:N0} in {bytes:N0}");
        _report.FirstOrdinal ??= entry.Ordinal;
        _report.SetReceived(entry.ReceivedFirstNs, entry.ReceivedLastNs);
        _report.Dropped = ChannelTrack.Plus(_report.Dropped, _track.DropsUpTo(entry));
    }

    private void Bad(BlockWalk walk, in BlockPlace place, in BlockVerdict verdict, IndexEntry? entry, bool isProven)
    {
        if (!isProven)
            walk.Distrust();
        if (walk.Current.Fault is { } fault && walk.Current.End < place.End)
        {
            Spoil(walk.Current, FindingKind.SyncMismatch, fault.Why, entry);
            return;
        }

        string origin = isProven ? "; its checksum in the index matches, so it was written like this" : "";
        Spoil(place, verdict.Fault!.Value, verdict.Why + origin, entry);
    }

    private void Spoil(in BlockPlace place, FindingKind kind, string why, IndexEntry? entry)
    {
        _report.DamagedBlocks++;
        _report.RecordsLost = Saturated.Add(_report.RecordsLost, entry?.Records ?? 0);
        _report.Findings.Add(kind, place.Offset, place.Bytes, why);
    }

    private void NotLookedInto(in BlockPlace place, string why)
    {
        _report.Blocks++;
        _report.Findings.Add(FindingKind.TooLarge, place.Offset, place.Bytes, why);
    }

    private void Damaged(in BlockPlace place, ContainerFault fault)
    {
        bool isEnd = place.End == _reader.Length && place.Marker < 0 && !place.IsMarkerOnly;
        if (isEnd && IsHeld())
        {
            _report.IsBeingWritten = true;
            _report.Note($"a server is writing it: its last {place.Bytes:N0} bytes are an unfinished block");
            return;
        }

        (_, long entries, long records) = _index?.Within(place) ?? default;
        _report.DamagedBlocks++;
        _report.RecordsLost = Saturated.Add(_report.RecordsLost, records);
        string lost = entries > 0 ? $"; according to the index there are {records:N0} records here" : "";
        string zeros = isEnd && IsZero(place) ? "; the rest of the file is zeros" : "";
        _report.Findings.Add(KindOf(fault), place.Offset, place.Bytes, fault.Why + zeros + lost);
    }

    private bool IsZero(in BlockPlace place)
    {
        const int Enough = 1 << 20;
        return !_reader.Bytes(place.Offset, (int)Math.Min(Enough, place.Bytes)).ContainsAnyExcept((byte)0);
    }

    private bool IsHeld() => _isHeld ??= _report.Role == FileRole.Part && _folder is not null && ActiveWriter.Holds(_folder);

    private void TellWhatIsNotLookedInto()
    {
        if (_check.SchemaFault is { } why)
            _report.Findings.Add(FindingKind.BadSchema, null, null, $"the records cannot be checked: {why}");
        if (!_check.KnowsCodec)
            _report.Note($"the codec '{Shown(_reader.Header.Codec)}' is not supported: blocks were checked, records were not");
    }

    private static string NameOf(RecordLayout layout) =>
        layout.Root.FullName ?? layout.Root.Fields[0].Type.FullName ?? layout.Root.Fields[0].Type.Type.ToString().ToLowerInvariant();

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    internal static FindingKind KindOf(ContainerFault fault) => fault.Kind switch
    {
        ContainerFaultKind.BadNumber => FindingKind.BadNumber,
        ContainerFaultKind.Truncated => FindingKind.Torn,
        _ => FindingKind.SyncMismatch,
    };
}
