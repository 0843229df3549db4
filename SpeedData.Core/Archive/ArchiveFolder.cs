using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// A channel's folder: keeps other processes out, knows its finished files, and names new ones. It outlives the channel's
/// pipelines, and stays locked until its owner and every writer have left it. The writer, the sync thread, recovery and retention
/// use it; any thread may read the totals. No lock is held during a call to the file system, except the one that keeps two
/// threads from listing at once.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="channel">The channel's name, which begins each file name.</param>
/// <param name="files">File operations.</param>
/// <param name="time">The clock.</param>
/// <param name="requiredMount">
/// A path that must be on a mounted disk of its own before anything is created here; null if any disk will do.
/// </param>
internal sealed class ArchiveFolder(string path, string channel, IArchiveFiles files, TimeProvider time, string? requiredMount = null) : IDisposable
{
    // Others may create files here too. A name that is taken a thousand times in a row is not a race.
    private const int MaxAttempts = 1000;

    private readonly Lock _gate = new();
    private readonly Lock _scanning = new();
    private readonly FolderLock _ownership = new(path, files);
    private readonly HashSet<ArchiveName> _live = [], _doubtful = [];
    private long _newest = long.MinValue;
    private int _version = 1;
    private int _scannedVersion;
    private int _users = 1;
    private bool _hasNewDoubts;
    private bool _roomRefused;
    private bool _roomFound;
    private volatile IReadOnlyList<string> _namedInTheFuture = [];
    private volatile bool _hasLeftovers;

    public string Path => path;

    /// <summary>Called on the thread that finished a file or was refused room. Must not wait.</summary>
    public Action? Changed { get; set; }

    /// <summary>Called with the name of a finished file, on the thread that finished it. Must not wait.</summary>
    public Action<ArchiveName>? Finished { get; set; }

    /// <summary>The channel's name, which begins each file name.</summary>
    public string Channel => channel;

    /// <summary>The finished files.</summary>
    public FolderListing Listing { get; } = new(channel, time);

    /// <summary>Any thread: whether no other process may write or delete here.</summary>
    public bool IsOurs => _ownership.IsHeld;

    /// <summary>The description of the process that holds the folder, if it is not this one.</summary>
    public string Holder => _ownership.Holder;

    /// <summary>Held while files are recovered.</summary>
    public SemaphoreSlim Recovering { get; } = new(1);

    /// <summary>Any thread: whether the folder has files that an earlier process left unfinished.</summary>
    public bool HasLeftovers
    {
        get => _hasLeftovers;
        set => _hasLeftovers = value;
    }

    /// <summary>The file that is made to test the folder.</summary>
    public string TrialPath => PathOf(".try");

    /// <summary>Any thread: files whose names are in the future. Names of new files do not continue after them.</summary>
    public IReadOnlyList<string> NamedInTheFuture => _namedInTheFuture;

    public string PathOf(string fileName) => System.IO.Path.Combine(path, fileName);

    public ArchiveName NameOf(FinishedFile file) => new(channel, file.Microseconds);

    /// <summary>
    /// Any thread: forgets the lock and the list, because the folder may have been replaced. Both are renewed before the next file.
    /// </summary>
    public void Forget() => Interlocked.Increment(ref _version);

    /// <summary>
    /// Writer or retention: locks and lists the folder, unless that was done before. A missing folder counts as empty.
    /// </summary>
    /// <returns>errno, 0 for none; EAGAIN if another process holds the folder, ENOMEDIUM if its disk is not mounted.</returns>
    public int Scan()
    {
        if (Volatile.Read(ref _scannedVersion) == Volatile.Read(ref _version))
            return 0;
        lock (_scanning)
        {
            // Read before the listing: if the folder is forgotten during the listing, it is listed once more.
            int version = Volatile.Read(ref _version);
            if (_scannedVersion == version || _users == 0)
                return 0;
            int error = TakeAndList();
            if (error == 0)
                Volatile.Write(ref _scannedVersion, version);
            // The last user left during the call, and did not wait for a file system that hangs.
            if (Volatile.Read(ref _users) == 0)
                _ownership.Dispose();
            return error;
        }
    }

    /// <summary>
    /// Writer, after <see cref="Scan"/>: creates the folder if it is missing, and tests it with a file that is deleted at once.
    /// </summary>
    /// <returns>errno, 0 for none.</returns>
    public int TryOut()
    {
        if (!IsOurs && CreateFolder() is not 0 and var missing)
            return missing;
        int error = files.Create(TrialPath, out SafeFileHandle? file);
        file?.Dispose();
        // An earlier process left the file: it was killed between creating and deleting it.
        if (error is not (0 or Errno.Exists))
            return error;
        // Another writer of this channel may have deleted the file.
        return files.Delete(TrialPath) is not Errno.NoEntry and var undeleted ? undeleted : 0;
    }

    /// <summary>Any thread: locks the folder, and creates it if it is missing.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Prepare()
    {
        int error = IsMounted() ? Scan() : Errno.NoMedium;
        return error == 0 && !IsOurs ? CreateFolder() : error;
    }

    /// <summary>
    /// Writer: creates a part file that is named after its first datagram (Unix time in ns), and the folder if it is missing.
    /// </summary>
    /// <returns>errno, 0 for none.</returns>
    public int Create(long firstTimeNs, out ArchiveName name, out SafeFileHandle? file)
    {
        file = null;
        name = default;
        int error = Prepare();
        for (int attempt = 0; error == 0 && attempt < MaxAttempts; attempt++)
        {
            name = NextName(firstTimeNs);
            error = files.Create(PathOf(name.Part), out file);
            if (error == 0)
                return 0;
            Ended(name);
            // The folder was deleted after it was locked.
            if (error == Errno.NoEntry)
                error = CreateFolder();
            else if (error == Errno.Exists && attempt < MaxAttempts - 1)
                error = 0;
        }
        return error;
    }

    /// <summary>Sync or recovery thread: gives a complete part file and its index their final name, or the next one that is free.</summary>
    /// <returns>errno, 0 for none.</returns>
    public int Finish(ArchiveName name, long bytes, out ArchiveName finished)
    {
        string part = PathOf(name.Part);
        finished = name;
        for (int attempt = 0; attempt < MaxAttempts; attempt++, finished = finished.Next)
        {
            int error = files.Rename(part, PathOf(finished.Finished));
            if (error == 0)
                Forgive(name);
            if (error == 0 && finished != name)
                files.Rename(PathOf(name.Index), PathOf(finished.Index));
            if (error == 0)
                AddFinished(finished, bytes);
            if (error != Errno.Exists)
                return error;
        }
        return Errno.Exists;
    }

    /// <summary>Notes that a part file from <see cref="Create"/> has ended, however it ended.</summary>
    public void Ended(ArchiveName name)
    {
        lock (_gate)
            _live.Remove(name);
    }

    /// <summary>Sync thread: notes that a sync of this part file failed, so its contents on the disk are unknown.</summary>
    public void Doubt(ArchiveName name)
    {
        lock (_gate)
            _hasNewDoubts = _doubtful.Add(name) || _hasNewDoubts;
    }

    /// <summary>Recovery: whether a sync of this part file failed while this process wrote it.</summary>
    public bool IsDoubtful(ArchiveName name)
    {
        lock (_gate)
            return _doubtful.Contains(name);
    }

    /// <summary>Sync thread: lets part files with a failed sync be recovered, because the disk syncs again.</summary>
    public void TryDoubtful()
    {
        lock (_gate)
            (_hasLeftovers, _hasNewDoubts) = (_hasLeftovers || _hasNewDoubts, false);
    }

    /// <summary>Any thread: whether this process is working on the part file.</summary>
    public bool IsLive(ArchiveName name)
    {
        lock (_gate)
            return _live.Contains(name);
    }

    /// <summary>Writer or sync thread: notes that a write found no room.</summary>
    public void RoomRefused()
    {
        Volatile.Write(ref _roomRefused, true);
        Changed?.Invoke();
    }

    /// <summary>Writer: notes that a write found room again.</summary>
    public void RoomFound() => Volatile.Write(ref _roomFound, true);

    /// <summary>Retention: whether a write has found room again since the last call.</summary>
    public bool TakeRoomFound() => Interlocked.Exchange(ref _roomFound, false);

    /// <summary>Retention: whether a write has found no room since the last call.</summary>
    public bool TakeRefusal() => Interlocked.Exchange(ref _roomRefused, false);

    /// <summary>Notes that a writer begins to use the folder.</summary>
    public void Enter() => Interlocked.Increment(ref _users);

    /// <summary>
    /// Notes that a writer has left the folder, or hangs in a call and was left behind. The last to leave releases the lock.
    /// </summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0 || !_scanning.TryEnter())
            return;
        _ownership.Dispose();
        _scanning.Exit();
    }

    /// <summary>Ends the owner's use of the folder.</summary>
    public void Dispose() => Leave();

    private bool IsMounted() => requiredMount is null || MountPoint.Of(requiredMount) is not { IsRoot: true };

    private int TakeAndList()
    {
        if (!IsMounted())
            return Errno.NoMedium;
        int error = _ownership.Take();
        if (error is not (0 or Errno.NoEntry))
            return error;
        Listing.Begin();
        var entries = new List<ArchiveEntry>();
        error = files.List(path, entries);
        bool listed = error is 0 or Errno.NoEntry;
        Listing.End(listed ? entries : null);
        if (listed)
            Note(entries);
        return listed ? 0 : error;
    }

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
        var future = new List<string>();
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (ArchiveEntry entry in entries)
            {
                if (!ArchiveName.TryParse(entry.Name, channel, out ArchiveName name, out ArchiveFileKind kind))
                    continue;
                if (FutureName.Is(name, entry, now))
                    future.Add(entry.Name);
                else
                    _newest = Math.Max(_newest, name.Microseconds);
                if (_live.Contains(name))
                    continue;
                indexes += kind == ArchiveFileKind.Index ? 1 : 0;
                finished += kind == ArchiveFileKind.Finished ? 1 : 0;
                _hasLeftovers |= kind == ArchiveFileKind.Part;
            }
        }
        _hasLeftovers |= indexes != finished;
        _namedInTheFuture = future.Count == 0 ? Array.Empty<string>() : future;
    }

    private void AddFinished(ArchiveName name, long bytes)
    {

        lock (_gate)
            _newest = Math.Max(_newest, name.Microseconds);
        Listing.Add(name, bytes);
        Finished?.Invoke(name);
        Changed?.Invoke();
    }

    private void Forgive(ArchiveName name)
    {
        lock (_gate)
            _doubtful.Remove(name);
    }
}
