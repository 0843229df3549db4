using SpeedData.Core.Configuration;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Makes one pass over a folder: turns part files into archives, makes missing indexes, and deletes an index without its archive.
/// One thread. After a bad file it continues with the next one.
/// </summary>
internal sealed class FolderRecovery(ArchiveFolder folder, string channel, TimeOptions time, IArchiveFiles files, string? bootId)
{
    private const int MostReports = 1000;

    private volatile IReadOnlyList<RecoveryReport> _reports = [];

    /// <summary>Any thread: the results for part files in the order of recovery: the newest file of a pass first.</summary>
    public IReadOnlyList<RecoveryReport> Reports => _reports;

    /// <returns>False if something must be tried again.</returns>
    /// <exception cref="OperationCanceledException">The pass was stopped.</exception>
    public bool Run(CancellationToken stop)
    {
        var entries = new List<ArchiveEntry>();
        if (files.List(folder.Path, entries) != 0)
            return false;
        bool complete = true;
        foreach (ArchiveName name in Named(entries, ArchiveFileKind.Part).OrderDescending(ByAge).Where(name => !folder.IsLive(name)))
            complete &= RecoverPart(name, stop);
        entries.Clear();
        if (files.List(folder.Path, entries) != 0)
            return false;
        DeleteRemains(entries);
        return complete & MakeIndexes(entries, stop);
    }

    /// <summary>Reports an unexpected error that ended a pass.</summary>
    public void Fail(Exception e) => Add(new RecoveryReport(folder.Path, 0, 0, 0, null, $"recovery failed: {e.Message}", Failed: true));

    private void Add(RecoveryReport report)
    {
        if (_reports.Count < MostReports && !_reports.Contains(report))
            _reports = [.. _reports, report];
    }

    private bool RecoverPart(ArchiveName name, CancellationToken stop)
    {
        using SlotScope slot = RecoverySlots.Take(stop);
        using var recovery = new PartRecovery(files, folder, Rebuild(name), name, bootId);
        RecoveryReport report = recovery.Run(stop);
        Add(report);
        return !report.Failed;
    }

    private IndexRebuild Rebuild(ArchiveName name) => new(files, folder.PathOf(name.Index), channel, name, time);

    /// <summary>Makes missing indexes, and deletes an index without its archive.</summary>
    private bool MakeIndexes(List<ArchiveEntry> entries, CancellationToken stop)
    {
        HashSet<ArchiveName> indexed = [.. Named(entries, ArchiveFileKind.Index)];
        HashSet<ArchiveName> archives = [.. Named(entries, ArchiveFileKind.Finished)];
        HashSet<ArchiveName> parts = [.. Named(entries, ArchiveFileKind.Part)];
        foreach (ArchiveName orphan in indexed.Except(archives).Except(parts).Where(IsGone))
            files.Delete(folder.PathOf(orphan.Index));
        bool complete = true;
        foreach (ArchiveName name in archives.Except(indexed).OrderDescending(ByAge))
            complete &= MakeIndex(name, stop);
        return complete;
    }

    private bool MakeIndex(ArchiveName name, CancellationToken stop)
    {
        using SlotScope slot = RecoverySlots.Take(stop);
        bool made = Rebuild(name).Run(folder.PathOf(name.Finished), stop);
        if (files.Exists(folder.PathOf(name.Finished)) == 0)
            return made;
        // Retention deleted the archive after the folder was listed.
        files.Delete(folder.PathOf(name.Index));
        return true;
    }

    /// <summary>Whether the file is gone. A file that was renamed during the listing may be missing from the list.</summary>
    private bool IsGone(ArchiveName name) =>
        !folder.IsLive(name) && files.Exists(folder.PathOf(name.Part)) != 0 && files.Exists(folder.PathOf(name.Finished)) != 0;

    private static Comparer<ArchiveName> ByAge { get; } = Comparer<ArchiveName>.Create((a, b) => a.Microseconds.CompareTo(b.Microseconds));

    /// <summary>Deletes temporary files that a killed recovery or rebuild left.</summary>
    private void DeleteRemains(List<ArchiveEntry> entries)
    {
        foreach (ArchiveEntry entry in entries)
        {
            string name = entry.Name;
            if (IsSummaryAlone(name))
                files.Delete(folder.PathOf(name));
            string? archive = name.EndsWith(FileSuffix.New, StringComparison.Ordinal) ? name[..^FileSuffix.New.Length]
                : name.EndsWith(FileSuffix.Redo, StringComparison.Ordinal) ? name[..^FileSuffix.Redo.Length]
                : null;
            // A journal is needed as long as its part file exists.
            if (archive is not null && ArchiveName.TryParse(archive, channel, out ArchiveName of, out _) && files.Exists(folder.PathOf(of.Part)) != 0)
                files.Delete(folder.PathOf(name));
        }
    }

    /// <summary>Whether it is a summary without its archive, or one that was being written when its archive was deleted.</summary>
    private bool IsSummaryAlone(string name)
    {
        string summary = name.EndsWith(FileSuffix.New, StringComparison.Ordinal) ? name[..^FileSuffix.New.Length] : name;
        return summary.EndsWith(FileSuffix.Summary, StringComparison.Ordinal)
            && ArchiveName.TryParse(summary[..^FileSuffix.Summary.Length] + FileSuffix.Archive, channel, out ArchiveName of, out _)
            && files.Exists(folder.PathOf(of.Finished)) != 0
            && files.Exists(folder.PathOf(of.Part)) != 0;
    }

    private IEnumerable<ArchiveName> Named(List<ArchiveEntry> entries, ArchiveFileKind wanted)
    {
        foreach (ArchiveEntry entry in entries)
        {
            if (ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out ArchiveFileKind kind) && kind == wanted)
                yield return name;
        }
    }
}
