namespace SpeedData.Core.Archive;

/// <summary>
/// The finished files of a channel, by age. Any thread. A list misses a change that happens while it is made, so what is known
/// of that change counts.
/// </summary>
internal sealed class FolderListing(string channel, TimeProvider time)
{
    private readonly Lock _gate = new();
    private FinishedFiles _finished = new();
    private HashSet<long>? _touchedDuringScan;
    private volatile FolderTotals _totals = new(0, 0, 0, null);

    /// <summary>Read for a thousand folders every second, so it needs neither a lock nor a walk in a tree.</summary>
    public FolderTotals Totals => _totals;

    /// <summary>The folder is being listed, until <see cref="End"/>.</summary>
    public void Begin()
    {
        lock (_gate)
            _touchedDuringScan = [];
    }

    /// <param name="entries">What the folder holds; null if it could not be listed, and nothing changes.</param>
    public void End(List<ArchiveEntry>? entries)
    {
        lock (_gate)
        {
            if (entries is not null)
                StartOver(entries);
            _touchedDuringScan = null;
        }
    }

    /// <summary>This process finished it.</summary>
    public void Add(ArchiveName name, long bytes)
    {
        lock (_gate)
        {
            _touchedDuringScan?.Add(name.Microseconds);
            // Any earlier file of this name is gone, because the rename found the name free.
            _finished.Remove(name.Microseconds);
            _finished.Add(new FinishedFile(name.Microseconds, bytes, time.GetTimestamp(), null));
            Publish();
        }
    }

    /// <summary>It is gone.</summary>
    public void Remove(FinishedFile file)
    {
        lock (_gate)
        {
            _touchedDuringScan?.Add(file.Microseconds);
            _finished.Remove(file.Microseconds);
            Publish();
        }
    }

    /// <summary>The oldest file that passes; never the newest.</summary>
    public FinishedFile? OldestOf(Predicate<FinishedFile> passes)
    {
        lock (_gate)
            return _finished.OldestOf(passes);
    }

    /// <summary>The files that are old, oldest first; never the newest.</summary>
    public void Collect(Predicate<FinishedFile> isOld, ICollection<FinishedFile> into)
    {
        lock (_gate)
            _finished.Collect(isOld, into);
    }

    /// <summary>Whether a file of this name is known, given as Unix time in µs.</summary>
    public bool Holds(long microseconds)
    {
        lock (_gate)
            return _finished.TryGet(microseconds, out _);
    }

    private void StartOver(List<ArchiveEntry> entries)
    {
        var listed = new FinishedFiles();
        foreach (ArchiveEntry entry in entries)
        {
            bool finished = ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out ArchiveFileKind kind) && kind == ArchiveFileKind.Finished;
            if (finished && !_touchedDuringScan!.Contains(name.Microseconds))
                listed.Add(Known(name.Microseconds, entry));
        }
        foreach (long touched in _touchedDuringScan!)
        {
            if (_finished.TryGet(touched, out FinishedFile file))
                listed.Add(file);
        }
        _finished = listed;
        Publish();
    }

    private FinishedFile Known(long microseconds, ArchiveEntry entry) => _finished.TryGet(microseconds, out FinishedFile known)
        ? known with { Bytes = entry.Bytes }
        : new FinishedFile(microseconds, entry.Bytes, time.GetTimestamp(), entry.ModifiedAt);

    private void Publish() =>
        _totals = new FolderTotals(_finished.Count, _finished.Bytes, _finished.NewestBytes, _finished.Oldest is { } oldest ? new ArchiveName(channel, oldest).Time : null);
}

/// <summary>The finished files of a channel, all at one moment.</summary>
/// <param name="Files">How many.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="NewestBytes">Those of the newest, which is never deleted.</param>
/// <param name="Oldest">Time in the name of the oldest; null if there is none.</param>
internal sealed record FolderTotals(long Files, long Bytes, long NewestBytes, DateTimeOffset? Oldest);
