using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Repairs files one after the other, each into a new file. Copies intact blocks, saves as much as possible of damaged ones, and verifies
/// the result before it gets its name. Only reads the original. One thread.
/// </summary>
public sealed class FileRepairer
{
    private readonly IArchiveFiles _files;
    private readonly IInspectProgress? _progress;
    private readonly CancellationToken _stop;
    private readonly List<string> _made = [];
    private readonly string? _schemaPath;

    /// <param name="progress">Receives the progress.</param>
    /// <param name="stop">Cancels the repair.</param>
    /// <param name="schemaPath">The schema for files whose header is damaged; null for none.</param>
    public FileRepairer(IInspectProgress? progress, CancellationToken stop, string? schemaPath = null)
        : this(PortableArchiveFiles.ForThisPlatform, progress, stop, schemaPath)
    {
    }

    internal FileRepairer(IArchiveFiles files, IInspectProgress? progress, CancellationToken stop, string? schemaPath = null) =>
        (_files, _progress, _stop, _schemaPath) = (files, progress, stop, schemaPath);

    /// <summary>Repairs a file. The report describes errors.</summary>
    /// <param name="job">The file and the target, which must not exist.</param>
    /// <exception cref="OperationCanceledException">The repair was cancelled; the unfinished result is deleted.</exception>
    public RepairReport Repair(RepairJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var report = new RepairReport(new FileReport(job.Item.Path, job.Item.Role));
        try
        {
            using SafeFileHandle file = OpenFile.Open(job.Item.Path, out IByteSource source);
            report.Found.Bytes = source.Length;
            Repair(job, source, report);
        }
        catch (Exception e) when (OpenFile.IsMissing(e) && job.Item.IsListed)
        {
            report.Found.Note("was deleted after its folder was listed");
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            report.IsLossy = true;
            report.Found.Findings.Add(FindingKind.Unreadable, null, null, $"cannot be read: {e.Message}");
        }
        catch (RepairOutputException e)
        {
            report.Trouble = e.Message;
        }

        return report;
    }

    private void Repair(RepairJob job, IByteSource source, RepairReport report)
    {
        if (source.Length == 0 && job.Item.Role == FileRole.Part)
        {
            report.Found.Note("empty: nothing was written to it");
            return;
        }

        RescuedHeader? rescued = new HeaderRescue(source, new HeaderSources(job.Item.Path, job.Item.IndexPath, _schemaPath), report.Found, _stop).Rescue();
        ContainerFault? fault = null;
        ContainerReader? reader = rescued?.Reader ?? HeaderMarkerFix.Open(source, report.Found, out fault, _stop);
        if (reader is null)
        {
            report.IsLossy = true;
            report.LostBytes = source.Length;
            report.Found.Findings.Add(FindingKind.BadHeader, fault!.Offset, null, $"{fault.Why}; nothing can be saved");
            return;
        }

        if (rescued is { Start: { IsSure: false, Offset: var offset } })
        {
            report.IsLossy = true;
            report.LostBytes += Math.Max(0, offset - rescued.Bytes.Length);
            report.Found.Findings.Add(FindingKind.BadHeader, 0, offset, $"the first {offset:N0} bytes cannot be read; records may have stood in them, besides the header");
        }

        RepairOutputException.ThrowIf(_files.CreateFolder(Path.GetDirectoryName(job.Target)!), "create", Path.GetDirectoryName(job.Target)!);
        _made.Clear();
        try
        {
            Write(job, reader, rescued, report);
            Finish(job, report);
        }
        finally
        {
            if (report.Target is null)
                _made.ForEach(path => _files.Delete(path));
        }
    }

    private void Write(RepairJob job, ContainerReader reader, RescuedHeader? rescued, RepairReport report)
    {
        byte[] header = rescued?.Bytes ?? [.. reader.Bytes(0, reader.Header.Length - ContainerHeader.SyncLength), .. reader.Header.Sync];
        IndexWalk? oldIndex = null;
        if (job.Item.IndexPath is { } path && !IndexWalk.TryOpen(path, _stop, out oldIndex, out Finding? fault) && fault is not null)
            report.Found.Findings.Add(fault.Kind, fault.Offset, fault.Bytes, fault.Detail);
        using (oldIndex)
        using (ContainerWriter writer = Create(job.Part))
        using (RepairedIndex? newIndex = Begin(job, reader, header, writer, report))
        {
            IndexMatch? match = oldIndex is null ? null : new IndexMatch(oldIndex, report.Found, rescued?.Shift ?? 0);
            bool? held = null;
            bool IsHeld() => held ??= job.Item.Role == FileRole.Part && ActiveWriter.Holds(job.Item.Folder);
            // The index does not describe a rebuilt header.
            match?.Begin(rescued is { IsProven: false } ? null : header);
            new BlockRepairer(reader, match, writer, newIndex, report, IsHeld).Run(_progress, _stop);
            newIndex?.Flush();
            writer.Flush();
        }
    }

    private RepairedIndex? Begin(RepairJob job, ContainerReader reader, ReadOnlySpan<byte> own, ContainerWriter writer, RepairReport report)
    {
        byte[] header = [.. own[..^ContainerHeader.SyncLength], .. writer.Sync];
        writer.Begin(header.AsSpan(0, header.Length - ContainerHeader.SyncLength));
        // Only files of SpeedData get an index.
        return job.Index is not null && reader.Header.Text("speeddata.channel") is { } channel
            ? RepairedIndex.Begin(Create(job.Index), job, channel, header, report)
            : null;
    }

    /// <summary>Verifies the written file, then gives it its name.</summary>
    private void Finish(RepairJob job, RepairReport report)
    {
        FileReport written = new FileVerifier(null, null, _stop).Verify(new InspectItem(job.Part, FileRole.Archive, ""));
        Finding? wrong = written.Findings.Listed.FirstOrDefault(finding => finding.Kind is not (FindingKind.BadSchema or FindingKind.TooLarge));
        if (wrong is not null || written.Records != Saturated.Add(report.Records, report.SalvagedRecords))
            throw new RepairOutputException($"the result failed its verification: {wrong?.Detail ?? $"it holds {written.Records:N0} records"}");
        RepairOutputException.ThrowIf(_files.Rename(job.Part, job.Target), "rename", job.Part);
        RepairOutputException.ThrowIf(_files.SyncFolder(Path.GetDirectoryName(job.Target)!), "sync", Path.GetDirectoryName(job.Target)!);
        report.Target = job.Target;
        report.TargetIndex = File.Exists(job.Index) ? job.Index : null;
    }

    private ContainerWriter Create(string path)
    {
        ContainerWriter writer = ContainerWriter.Create(_files, path);
        _made.Add(path);
        return writer;
    }
}
