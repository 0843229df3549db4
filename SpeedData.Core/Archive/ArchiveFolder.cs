using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// A channel's folder: that it is ours, which finished files lie in it, and the clock that names new ones. Writer, sync and
/// recovery thread use it, any thread reads the totals; what they share is under one lock, which is never held over a call
/// to the file system.
/// </summary>
internal sealed class ArchiveFolder(string path, string channel, IArchiveFiles files) : IDisposable
{
    // Someone else may be creating files here; a name that is taken a thousand times over is not a race any more.
    private const int MaxAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly FolderLock _ownership = new(path, files);
    private readonly FolderListing _listing = new(channel);
    private readonly HashSet<ArchiveName> _live = [];
    private long _newest = long.MinValue;
    private bool _scanned;
    private volatile bool _hasLeftovers;

    public string Path => path;

    /// <summary>What the process says of itself that holds the folder, where we do not.</summary>
    public string Holder => _ownership.Holder;

    /// <summary>Any thread: whether something lies in the folder that an earlier process left unfinished.</summary>
    public bool HasLeftovers
    {
        get => _hasLeftovers;
        set => _hasLeftovers = value;
    }

    /// <summary>Finished files, their bytes and the time of the oldest.</summary>
    public (long Files, long Bytes, DateTimeOffset? Oldest) Totals
    {
        get
        {
            lock (_gate)
                return _listing.Totals;
        }
    }

    public string PathOf(string fileName) => System.IO.Path.Combine(path, fileName);

    /// <summary>Writer: what lies at the path may be another folder than it was; it is taken and listed again before the next file.</summary>
    public void Forget() => _scanned = false;

    /// <summary>Writer: takes and lists the folder, if that was not done yet. A folder that is not there is an empty one.</summary>
    /// <returns>errno, 0 for none; EAGAIN where another process holds it.</returns>
    public int Scan()
    {
        if (_scanned)
            return 0;
        int error = _ownership.Take();
        if (error is not (0 or Errno.NoEntry))
            return error;
        // A file that is finished meanwhile may be too late for the list: it is kept aside and added once more.
        lock (_gate)
            _listing.Begin();
        var entries = new List<ArchiveEntry>();
        error = files.List(path, entries);
        lock (_gate)
        {
            _scanned = error is 0 or Errno.NoEntry;
            _listing.End(_scanned ? entries : null);
            if (_scanned)
                Note(entries);
        }
        return _scanned ? 0 : error;
    }

    /// <summary>Writer: creates the part file whose first datagram came at this Unix time in ns; the folder too if it is missing.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Create(long firstTimeNs, out ArchiveName name, out SafeFileHandle? file)
    {
        file = null;
        name = default;
        int error = Scan();
        if (error == 0 && !_ownership.IsHeld)
            error = CreateFolder();
        for (int attempt = 0; error == 0 && attempt < MaxAttempts; attempt++)
        {
            name = NextName(firstTimeNs);
            error = files.Create(PathOf(name.Part), out file);
            if (error == 0)
                return 0;
            Ended(name);
            // Gone since it was taken.
            if (error == Errno.NoEntry)
                error = CreateFolder();
            else if (error == Errno.Exists && attempt < MaxAttempts - 1)
                error = 0;
        }
        return error;
    }

    /// <summary>Sync or recovery thread: gives a whole part file its final name, or the next one that is free; its index too.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Finish(ArchiveName name, long bytes, out ArchiveName finished)
    {
        string part = PathOf(name.Part);
        finished = name;
        for (int attempt = 0; attempt < MaxAttempts; attempt++, finished = finished.Next)
        {
            int error = files.Rename(part, PathOf(finished.Finished));
            if (error == 0 && finished != name)
                files.Rename(PathOf(name.Index), PathOf(finished.Index));
            if (error == 0)
                AddFinished(finished, bytes);
            if (error != Errno.Exists)
                return error;
        }
        return Errno.Exists;
    }

    /// <summary>Whoever ended a part file that <see cref="Create"/> made, however it ended.</summary>
    public void Ended(ArchiveName name)
    {
        lock (_gate)
            _live.Remove(name);
    }

    /// <summary>Any thread: whether this process works on the part file.</summary>
    public bool IsLive(ArchiveName name)
    {
        lock (_gate)
            return _live.Contains(name);
    }

    /// <summary>To be called once nothing in it is worked on any more: another process may then have it.</summary>
    public void Dispose() => _ownership.Dispose();

    private int CreateFolder()
    {
        Forget();
        return files.CreateFolder(path) is not 0 and var error ? error : Scan();
    }

    private ArchiveName NextName(long firstTimeNs)
    {
        lock (_gate)
        {
            long own = Math.Clamp(firstTimeNs / 1000, 0, ArchiveName.MaxMicroseconds);
            var name = new ArchiveName(channel, _newest = Math.Max(own, _newest + 1));
            _live.Add(name);
            return name;
        }
    }

    private void Note(List<ArchiveEntry> entries)
    {
        int indexes = 0, finished = 0;
        foreach (ArchiveEntry entry in entries)
        {
            if (!ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out ArchiveFileKind kind))
                continue;
            _newest = Math.Max(_newest, name.Microseconds);
            if (_live.Contains(name))
                continue;
            indexes += kind == ArchiveFileKind.Index ? 1 : 0;
            finished += kind == ArchiveFileKind.Finished ? 1 : 0;
            _hasLeftovers |= kind == ArchiveFileKind.Part;
        }
        _hasLeftovers |= indexes != finished;
    }

    private void AddFinished(ArchiveName name, long bytes)
    {
        lock (_gate)
        {
            _newest = Math.Max(_newest, name.Microseconds);
            _listing.Add(name, bytes);
        }
    }
}
