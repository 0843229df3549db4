namespace SpeedData.Core.Archive;

/// <summary>
/// The finished files of a channel, by age. Any thread. A listing misses changes that happen while it is made, so changes that
/// this process made take precedence.
/// </summary>
internal sealed class FolderListing(string channel, TimeProvider time)
{
    private readonly Lock _gate = new();
    private FinishedFiles _finished = new();
    private HashSet<long>? _touchedDuringScan;
    private volatile FolderTotals _totals = new(0, 0, 0, null);

    /// <summary>The totals. They are read for a thousand folders every second, so reading takes no lock and walks no tree.</summary>
    public FolderTotals Totals => _totals;

    /// <summary>Begins a listing of the folder, which lasts until <see cref="End"/>.</summary>
    public void Begin()
    {
        lock (_gate)
            _touchedDuringScan = [];
    }

    /// <param name="entries">The contents of the folder. If null, the folder could not be listed, and nothing changes.</param>
    public void End(List<ArchiveEntry>? entries)
    {
        lock (_gate)
        {
            if (entries is not null)
                StartOver(entries);
            _touchedDuringScan = null;
        }
    }

    /// <summary>Adds a file that this process finished.</summary>
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

    /// <summary>Removes a file that is gone.</summary>
    public void Remove(FinishedFile file)
    {
        lock (_gate)
        {
            _touchedDuringScan?.Add(file.Microseconds);
            _finished.Remove(file.Microseconds);
            Publish();
        }
    }

    /// <summary>Returns the oldest file that passes the test; never the newest file.</summary>
    public FinishedFile? OldestOf(Predicate<FinishedFile> passes)
    {
        lock (_gate)
            return _finished.OldestOf(passes);
    }

    /// <summary>Adds the old files, oldest first; never the newest file.</summary>
    public void Collect(Predicate<FinishedFile> isOld, ICollection<FinishedFile> into)
    {
        lock (_gate)
            _finished.Collect(isOld, into);
    }

    /// <summary>Whether there is a file whose name has this time (Unix time in µs).</summary>
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

/// <summary>The totals of a channel's finished files at one moment.</summary>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Total size of the files.</param>
/// <param name="NewestBytes">Size of the newest file, which is never deleted.</param>
/// <param name="Oldest">Time in the name of the oldest file; null if there is none.</param>
internal sealed record FolderTotals(long Files, long Bytes, long NewestBytes, DateTimeOffset? Oldest);
