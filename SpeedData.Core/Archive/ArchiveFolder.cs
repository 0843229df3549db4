using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// A channel's folder: which finished files lie in it, and the clock that names new ones. Writer and sync thread both
/// use it, any thread reads the totals; all under one lock, which is never held over a call to the file system.
/// </summary>
internal sealed class ArchiveFolder(string path, string channel, IArchiveFiles files)
{
    // Someone else may be creating files here; a name that is taken a thousand times over is not a race any more.
    private const int MaxAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, long> _finished = [];
    private List<(ArchiveName Name, long Bytes)>? _finishedDuringScan;
    private long _bytes;
    private long _newest = long.MinValue;
    private bool _scanned;

    public string Path => path;

    /// <summary>Finished files, their bytes and the time of the oldest.</summary>
    public (long Files, long Bytes, DateTimeOffset? Oldest) Totals
    {
        get
        {
            lock (_gate)
                return (_finished.Count, _bytes, _finished.Count == 0 ? null : new ArchiveName(channel, OldestMicroseconds()).Time);
        }
    }

    public string PathOf(string fileName) => System.IO.Path.Combine(path, fileName);

    /// <summary>What lies in the folder may have changed behind our back: it is listed again before the next file.</summary>
    public void Forget() => _scanned = false;

    /// <summary>Lists the folder, if that was not done yet. A folder that is not there is an empty one.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Scan()
    {
        if (_scanned)
            return 0;
        // A file that is finished meanwhile may be too late for the list: it is kept aside and added once more.
        lock (_gate)
            _finishedDuringScan = [];
        var entries = new List<ArchiveEntry>();
        int error = files.List(path, entries);
        lock (_gate)
        {
            if (error is 0 or Errno.NoEntry)
                StartOver(entries);
            _finishedDuringScan = null;
        }
        _scanned = error is 0 or Errno.NoEntry;
        return _scanned ? 0 : error;
    }

    /// <summary>Writer: creates the part file whose first datagram came at this Unix time in ns; the folder too if it is missing.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Create(long firstTimeNs, out ArchiveName name, out SafeFileHandle? file)
    {
        file = null;
        name = default;
        int error = Scan();
        if (error != 0)
            return error;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            name = NextName(firstTimeNs);
            error = files.Create(PathOf(name.Part), out file);
            if (error == Errno.NoEntry)
                error = files.CreateFolder(path) is not 0 and var above ? above : files.Create(PathOf(name.Part), out file);
            if (error != Errno.Exists)
                return error;
        }
        return error;
    }

    /// <summary>Sync thread: gives a whole part file its final name, or the next one that is free.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Finish(ArchiveName name, long bytes)
    {
        string part = PathOf(name.Part);
        for (int attempt = 0; attempt < MaxAttempts; attempt++, name = name.Next)
        {
            int error = files.Rename(part, PathOf(name.Finished));
            if (error == 0)
                AddFinished(name, bytes);
            if (error != Errno.Exists)
                return error;
        }
        return Errno.Exists;
    }

    private ArchiveName NextName(long firstTimeNs)
    {
        lock (_gate)
        {
            long own = Math.Clamp(firstTimeNs / 1000, 0, ArchiveName.MaxMicroseconds);
            return new ArchiveName(channel, _newest = Math.Max(own, _newest + 1));
        }
    }

    private void StartOver(List<ArchiveEntry> entries)
    {
        _finished.Clear();
        _bytes = 0;
        foreach (ArchiveEntry entry in entries)
            Note(entry);
        foreach ((ArchiveName name, long bytes) in _finishedDuringScan!)
            Add(name, bytes);
    }

    private void Note(ArchiveEntry entry)
    {
        if (!ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out bool isPart))
            return;
        _newest = Math.Max(_newest, name.Microseconds);
        if (!isPart)
            Add(name, entry.Bytes);
    }

    private void AddFinished(ArchiveName name, long bytes)
    {
        lock (_gate)
        {
            _newest = Math.Max(_newest, name.Microseconds);
            _finishedDuringScan?.Add((name, bytes));
            Add(name, bytes);
        }
    }

    private void Add(ArchiveName name, long bytes)
    {
        if (_finished.TryAdd(name.Microseconds, bytes))
            _bytes += bytes;
    }

    private long OldestMicroseconds()
    {
        foreach (long oldest in _finished.Keys)
            return oldest;
        return 0;
    }
}
