namespace SpeedData.Core.Archive;

/// <summary>The finished files of a channel, by age, and their bytes. Its owner's lock guards it.</summary>
internal sealed class FolderListing(string channel)
{
    private readonly SortedDictionary<long, long> _finished = [];
    private List<(ArchiveName Name, long Bytes)>? _finishedMeanwhile;
    private long _bytes;

    /// <summary>Files, bytes and the time of the oldest.</summary>
    public (long Files, long Bytes, DateTimeOffset? Oldest) Totals => (_finished.Count, _bytes, _finished.Count == 0 ? null : new ArchiveName(channel, Oldest()).Time);

    /// <summary>The folder is being listed: what is added until <see cref="End"/> is added once more then.</summary>
    public void Begin() => _finishedMeanwhile = [];

    /// <param name="entries">What the folder holds; null where it could not be listed, and nothing changes.</param>
    public void End(List<ArchiveEntry>? entries)
    {
        if (entries is not null)
            StartOver(entries);
        _finishedMeanwhile = null;
    }

    public void Add(ArchiveName name, long bytes)
    {
        _finishedMeanwhile?.Add((name, bytes));
        if (_finished.TryAdd(name.Microseconds, bytes))
            _bytes += bytes;
    }

    private void StartOver(List<ArchiveEntry> entries)
    {
        _finished.Clear();
        _bytes = 0;
        List<(ArchiveName Name, long Bytes)> meanwhile = _finishedMeanwhile!;
        _finishedMeanwhile = null;
        foreach (ArchiveEntry entry in entries)
        {
            if (ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out ArchiveFileKind kind) && kind == ArchiveFileKind.Finished)
                Add(name, entry.Bytes);
        }
        foreach ((ArchiveName name, long bytes) in meanwhile)
            Add(name, bytes);
    }

    private long Oldest()
    {
        foreach (long oldest in _finished.Keys)
            return oldest;
        return 0;
    }
}
