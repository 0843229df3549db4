using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// A channel's folder: which finished files lie in it, and the clock that names new ones. It outlives the channel's
/// pipelines. Writer, sync thread and retention all use it, any thread reads the totals; what it knows is under one lock,
/// which is never held over a call to the file system.
/// </summary>
internal sealed class ArchiveFolder(string path, string channel, IArchiveFiles files, TimeProvider time)
{
    // Someone else may be creating files here; a name that is taken a thousand times over is not a race any more.
    private const int MaxAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly Lock _listing = new();
    private FinishedFiles _finished = new();
    private HashSet<long>? _touchedDuringScan;
    private long _newest = long.MinValue;
    private int _version = 1;
    private int _scannedVersion;
    private bool _roomRefused;
    private long _fileCount;
    private long _byteCount;

    public string Path => path;

    /// <summary>Called when a file was finished or room was refused, on the thread that did so; must not wait.</summary>
    public Action? Changed { get; set; }

    /// <summary>Finished files.</summary>
    public long Files => Volatile.Read(ref _fileCount);

    /// <summary>Bytes of the finished files.</summary>
    public long Bytes => Volatile.Read(ref _byteCount);

    /// <summary>Finished files, their bytes and the time of the oldest, all at one moment.</summary>
    public (long Files, long Bytes, DateTimeOffset? Oldest) Totals
    {
        get
        {
            lock (_gate)
                return (_finished.Count, _finished.Bytes, _finished.Oldest is { } oldest ? new ArchiveName(channel, oldest).Time : null);
        }
    }

    public string PathOf(string fileName) => System.IO.Path.Combine(path, fileName);

    public ArchiveName NameOf(FinishedFile file) => new(channel, file.Microseconds);

    /// <summary>What lies in the folder may have changed behind our back: it is listed again before the next file.</summary>
    public void Forget() => Interlocked.Increment(ref _version);

    /// <summary>Lists the folder, if that was not done yet. A folder that is not there is an empty one.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Scan()
    {
        if (Volatile.Read(ref _scannedVersion) == Volatile.Read(ref _version))
            return 0;
        // Writer and retention: who comes second finds it listed.
        lock (_listing)
        {
            // Read before the listing: what is forgotten meanwhile is listed once more.
            int version = Volatile.Read(ref _version);
            if (_scannedVersion == version)
                return 0;
            // A file that is finished or deleted meanwhile may be too late for the list: what is known of it holds.
            lock (_gate)
                _touchedDuringScan = [];
            var entries = new List<ArchiveEntry>();
            int error = files.List(path, entries);
            bool listed = error is 0 or Errno.NoEntry;
            lock (_gate)
            {
                if (listed)
                    StartOver(entries);
                _touchedDuringScan = null;
            }
            if (listed)
                Volatile.Write(ref _scannedVersion, version);
            return listed ? 0 : error;
        }
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

    /// <summary>Retention: the oldest finished file that passes; never the newest.</summary>
    public FinishedFile? OldestOf(Predicate<FinishedFile> passes)
    {
        lock (_gate)
            return _finished.OldestOf(passes);
    }

    /// <summary>Retention: the finished files that are old, oldest first; never the newest.</summary>
    public void Collect(Predicate<FinishedFile> isOld, ICollection<FinishedFile> into)
    {
        lock (_gate)
            _finished.Collect(isOld, into);
    }

    /// <summary>Retention: whether a finished file of this name is known, given as Unix time in µs.</summary>
    public bool Holds(long microseconds)
    {
        lock (_gate)
            return _finished.TryGet(microseconds, out _);
    }

    /// <summary>Retention: the file is gone.</summary>
    public void Remove(FinishedFile file)
    {
        lock (_gate)
        {
            _touchedDuringScan?.Add(file.Microseconds);
            _finished.Remove(file.Microseconds);
            Publish();
        }
    }

    /// <summary>Writer or sync thread: the file system took no more.</summary>
    public void RoomRefused()
    {
        Volatile.Write(ref _roomRefused, true);
        Changed?.Invoke();
    }

    /// <summary>Retention: whether room was refused since it was last asked.</summary>
    public bool TakeRefusal() => Interlocked.Exchange(ref _roomRefused, false);

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
        var listed = new FinishedFiles();
        foreach (ArchiveEntry entry in entries)
        {
            if (!ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out bool isPart))
                continue;
            _newest = Math.Max(_newest, name.Microseconds);
            if (!isPart && !_touchedDuringScan!.Contains(name.Microseconds))
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

    private void AddFinished(ArchiveName name, long bytes)
    {
        lock (_gate)
        {
            _newest = Math.Max(_newest, name.Microseconds);
            _touchedDuringScan?.Add(name.Microseconds);
            // Whatever lay here under this name is gone: the rename found it free.
            _finished.Remove(name.Microseconds);
            _finished.Add(new FinishedFile(name.Microseconds, bytes, time.GetTimestamp(), null));
            Publish();
        }
        Changed?.Invoke();
    }

    /// <summary>Retention asks a thousand folders every second: two reads, not a lock and a walk in a tree.</summary>
    private void Publish()
    {
        Volatile.Write(ref _fileCount, _finished.Count);
        Volatile.Write(ref _byteCount, _finished.Bytes);
    }
}
