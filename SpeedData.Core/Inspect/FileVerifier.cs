using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect;

/// <summary>
/// Verifies files one after the other: framing, data, records and index. Reads each file once, in time proportional to its bytes and
/// decoded bytes, and in bounded memory, whatever the file contains. One thread.
/// </summary>
/// <param name="counter">The counter field to follow; null for none.</param>
/// <param name="progress">Receives the progress.</param>
/// <param name="stop">Cancels the verification.</param>
public sealed class FileVerifier(CounterOptions? counter, IInspectProgress? progress, CancellationToken stop)
{
    private readonly Dictionary<(string? Folder, string Channel, string? Schema), ChannelTrack> _channels = [];

    /// <summary>Verifies a file. The report contains all faults, even if the file cannot be read.</summary>
    /// <param name="item">The file.</param>
    /// <exception cref="OperationCanceledException">The verification was cancelled.</exception>
    public FileReport Verify(InspectItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var report = new FileReport(item.Path, item.Role) { OnlyInTag = item.Tag is { } place && !File.Exists(place.Original) ? place.Tag : null };
        if (item.Trouble is { } trouble)
        {
            report.Findings.Add(FindingKind.Unreadable, null, null, $"cannot be read: {trouble}");
            return report;
        }

        try
        {
            using SafeFileHandle file = OpenFile.Open(item.Path, out IByteSource source);
            report.Bytes = source.Length;
            if (item.Role == FileRole.Index)
                VerifyIndex(item, source, report);
            else
                VerifyArchive(source, report, item.IndexPath, item.Folder);
        }
        catch (Exception e) when (OpenFile.IsMissing(e) && item.IsListed)
        {
            // A server has finished or deleted the file meanwhile.
            if (item.Role == FileRole.Part && File.Exists(item.Finished.Path))
                return Verify(item.Finished);
            report.Note("was deleted after its folder was listed");
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            report.Findings.Add(FindingKind.Unreadable, null, null, $"cannot be read: {e.Message}");
        }

        return report;
    }

    /// <summary>Verifies an archive from any source.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="index">The archive's index; null for none.</param>
    internal FileReport Verify(IByteSource source, IByteSource? index)
    {
        var report = new FileReport("", FileRole.Archive) { Bytes = source.Length };
        IndexWalk? walk = null;
        if (index is not null && (walk = IndexWalk.TryRead(index, out Finding? fault, stop)) is null)
            Unusable(report, fault!);
        Walk(source, report, walk, folder: null);
        return report;
    }

    /// <summary>Verifies an index without an archive.</summary>
    internal FileReport VerifyIndex(IByteSource source)
    {
        var report = new FileReport("", FileRole.Index) { Bytes = source.Length };
        VerifyIndex(null, source, report);
        return report;
    }

    private void VerifyArchive(IByteSource source, FileReport report, string? indexPath, string folder)
    {
        Finding? fault = null;
        IndexWalk? index = null;
        if (indexPath is not null && !IndexWalk.TryOpen(indexPath, stop, out index, out fault) && fault is not null)
            Unusable(report, fault);
        using (index)
            Walk(source, report, index, folder);
    }

    private void Walk(IByteSource source, FileReport report, IndexWalk? index, string? folder)
    {
        if (source.Length == 0 && report.Role == FileRole.Part)
        {
            report.Note("empty: nothing was written to it");
            return;
        }

        ContainerReader? reader = ContainerReader.Open(source, out ContainerFault? fault);
        if (reader is null)
        {
            report.IsBeingWritten = fault!.Kind == ContainerFaultKind.HeaderTruncated && report.Role == FileRole.Part && ActiveWriter.Holds(folder!);
            if (!report.IsBeingWritten)
                report.Findings.Add(FindingKind.BadHeader, fault.Offset, source.Length - fault.Offset, fault.Why);
            return;
        }

        ChannelTrack track = Track(reader.Header, folder);
        var blocks = new BlockVerifier(reader, report, index, track, counter, folder);
        blocks.Run(progress, stop);
        track.Times.Follow(report);
    }

    private ChannelTrack Track(ContainerHeader header, string? folder)
    {
        // Files from other programs need not belong together.
        if (header.Text("speeddata.channel") is not { } channel)
            return new ChannelTrack(counter);
        // The files of one schema follow one another, but files of different schemas of a channel overlap in time.
        var key = (folder, channel, header.Metadata.ContainsKey(ContainerHeader.AlternativeKey) ? header.Schema : null);
        if (!_channels.TryGetValue(key, out ChannelTrack? track))
            _channels.Add(key, track = new ChannelTrack(counter));
        return track;
    }

    private void VerifyIndex(InspectItem? item, IByteSource source, FileReport report)
    {
        if (item is { LacksArchive: true })
            report.Findings.Add(FindingKind.NoArchive, null, null, "the archive of this index does not exist");
        IndexWalk? index = IndexWalk.TryRead(source, out Finding? fault, stop);
        if (index is null)
        {
            Unusable(report, fault!);
            return;
        }

        var track = new ChannelTrack(null);
        report.Index = IndexState.Used;
        while (index.MoveNext(report.Findings))
        {
            IndexEntry entry = index.Current!;
            report.Blocks++;
            report.Records = Saturated.Add(report.Records, entry.Records);
            report.SetReceived(entry.ReceivedFirstNs, entry.ReceivedLastNs);
            report.DeviceFirstNs ??= entry.DeviceFirstNs;
            report.DeviceLastNs = entry.DeviceLastNs ?? report.DeviceLastNs;
            report.Dropped = ChannelTrack.Plus(report.Dropped, track.DropsUpTo(entry));
            progress?.At(report.Path, index.Offset, report.Bytes);
        }

        report.IndexEntries = index.Entries;
    }

    private static void Unusable(FileReport report, Finding fault)
    {
        report.Index = IndexState.Unusable;
        report.Findings.Add(fault.Kind, fault.Offset, fault.Bytes, fault.Detail);
    }
}
