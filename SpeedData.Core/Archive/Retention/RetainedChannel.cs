using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Keeps a channel's archive within its limits: deletes files that are too old or over the quota, or when its file system lacks
/// room. Retention thread, unless a member says otherwise.
/// </summary>
/// <param name="folder">The channel's folder.</param>
/// <param name="limits">The limits to keep.</param>
/// <param name="counters">Counts the deletions.</param>
/// <param name="means">File operations, clock and guard.</param>
internal sealed class RetainedChannel(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters, RetentionMeans means)
{
    // If this many files cannot be deleted, the folder is left alone until the next attempt is due.
    private const int MostUndeletable = 8;

    // Room that the recording needs while other data fill the disk: for a few blocks and a new file.
    private const long MostReserve = 64L << 20;

    private static readonly TimeSpan BetweenLocations = TimeSpan.FromMinutes(1), MostBetweenAges = TimeSpan.FromMinutes(1);

    private readonly IArchiveFiles _files = means.Files;
    private readonly IFileGuard? _guard = means.Guard;
    private readonly RetentionHealth _health = new(means.Time);
    private readonly Deadline _agesDue = new(means.Time), _locationDue = new(means.Time);
    // By name: files that could not be deleted. When the next attempt is due, they move to the untried ones.
    private readonly HashSet<long> _undeletable = [], _untried = [];
    private readonly List<FinishedFile> _old = [];
    // By name: files due for deletion that stay while they are read, or until a tag has kept them. Then they are deleted.
    private readonly HashSet<long> _staying = [];
    // By name: files that must stay even if the disk needs their room.
    private readonly HashSet<long> _guarded = [];
    private long _stayingBytes;
    private Predicate<FinishedFile>? _freesRoom;
    private bool _unlisted;
    private volatile bool _released;

    /// <summary>Any thread: the state of the channel's retention.</summary>
    public RetentionState State => _health.State;

    /// <summary>The file system of the channel's folder; null if it is not known, or there is no folder.</summary>
    public ulong? FileSystem { get; private set; }

    public long Bytes => folder.Listing.Totals.Bytes;

    /// <summary>Total size of the files that may be deleted.</summary>
    public long GivableBytes => CanGive ? Math.Max(0, folder.Listing.Totals.Bytes - folder.Listing.Totals.NewestBytes - (_guard?.BytesNotFreed(folder.Channel) ?? 0)) : 0;

    /// <summary>The free space below which this channel deletes files at present.</summary>
    public long Target { get; private set; }

    public bool CanGive => folder.Listing.Totals.Files > 1 && OldestToFree() is not null;

    /// <summary>Any thread: stops deleting, because the channel was removed.</summary>
    public void Release()
    {
        _released = true;
        folder.Changed = null;
        folder.Finished = null;
    }

    /// <summary>Looks once at the files, their ages and the quota.</summary>
    public void Look()
    {
        if (HasFailed && _health.IsRetryDue)
            TryAgain();
        if (!_unlisted)
            List();
        _staying.Clear();
        _guarded.Clear();
        _stayingBytes = 0;
        if (limits.RetainFor is { } span && _agesDue.IsOver)
            DeleteOlderThan(span);
        // A file that stays for now counts as deleted, so that no newer file is deleted in its place.
        while (limits.RetainBytes < Bytes - _stayingBytes && TryDeleteOldest(DeletionReason.Bytes, out _))
        {
        }
    }

    /// <summary>Ends a look.</summary>
    public void EndLook() => _health.EndLook(isFixed: !HasFailed);

    /// <summary>Notes an unexpected error. Retention of the other channels continues.</summary>
    public void Fail(Exception e) => _health.Failed("look", e.HResult, () => $"old files of {folder.Path} are not deleted: {e.Message}");

    /// <summary>Finds the folder's file system, if that is due.</summary>
    /// <returns>Whether it has changed.</returns>
    public bool Locate()
    {
        if (!_locationDue.IsOver && FileSystem is not null)
            return false;
        _locationDue.Begin(BetweenLocations);
        ulong? before = FileSystem;
        FileSystem = TryMeasure(out FileSystemRoom room) ? room.Id : null;
        return FileSystem != before;
    }

    /// <summary>Forgets the folder's place, because it has moved.</summary>
    public void Lose() => _locationDue.Begin(TimeSpan.Zero);

    /// <summary>Measures the room on the file system that the folder is on, or will be on.</summary>
    public bool TryMeasure(out FileSystemRoom room)
    {
        int error = _files.Room(folder.Path, out room);
        if (error == Errno.NoEntry)
        {
            foreach (string above in HostFiles.Upwards(folder.Path).Skip(1))
            {
                if ((error = _files.Room(above, out room)) != Errno.NoEntry)
                    break;
            }
        }

        if (error is not (0 or Errno.NoEntry))
            Fail("look at the file system of", folder.Path, error);
        return error == 0;
    }

    /// <summary>
    /// Decides how much space this channel keeps free. If deleting every archive would not free that much, other data fill the file
    /// system. Then the channel keeps only as much free as the recording needs to continue.
    /// </summary>
    /// <param name="totalBytes">Size of the file system.</param>
    /// <param name="reachable">Free space if every archive that may be deleted were deleted.</param>
    public void Aim(long totalBytes, long reachable)
    {
        long floor = FloorOn(totalBytes);
        bool isReachable = floor <= reachable;
        if (!isReachable)
            _health.CannotReachFloor(floor, reachable, folder.Path);
        Target = isReachable ? floor : Math.Min(reachable / 10, MostReserve);
    }

    /// <summary>Reports that deleting does not help writes that find no room.</summary>
    public void GiveUp() => _health.DeletingIsInVain(folder.Path);

    /// <summary>Returns the space to keep free on a file system of this size; 0 if none.</summary>
    private long FloorOn(long totalBytes)
    {
        long floor = limits.MinFreeBytes.On(totalBytes);
        if (floor >= totalBytes)
        {
            _health.CannotKeepFree(floor, totalBytes, folder.Path);
            floor = 0;
        }
        _health.KeepsFree(floor);
        return floor;
    }

    /// <summary>Whether a write of this channel found no room since the last look.</summary>
    public bool WasRefused() => folder.TakeRefusal();

    /// <summary>Whether a write of this channel that had found no room has found some since the last look.</summary>
    public bool HasFoundRoom() => folder.TakeRoomFound();

    /// <summary>Deletes the oldest file that may be deleted; never the newest.</summary>
    /// <param name="reason">The reason under which it is counted.</param>
    /// <param name="bytes">The number of bytes freed; 0 if somebody else had deleted the file.</param>
    /// <returns>False if there is no such file.</returns>
    public bool TryDeleteOldest(DeletionReason reason, out long bytes)
    {
        bytes = 0;
        while ((reason == DeletionReason.FreeSpace ? OldestToFree() : folder.Listing.OldestOf(MayGo)) is { } oldest)
        {
            if (TryDelete(oldest, reason, out bytes))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Makes the failed files due for another attempt, which follows only when something must be deleted.
    /// </summary>
    private void TryAgain()
    {
        _unlisted = false;
        _untried.UnionWith(_undeletable);
        _untried.RemoveWhere(file => !folder.Listing.Holds(file));
        _undeletable.Clear();
    }

    private bool HasFailed => _unlisted || _undeletable.Count > 0 || _untried.Count > 0;

    private void List()
    {
        int error = folder.Scan();
        // The writer reports a folder that cannot be taken (another process holds it, or it is not writable).
        _unlisted = error != 0 && folder.IsOurs;
        if (_unlisted)
            Fail("list", folder.Path, error);
    }

    private void DeleteOlderThan(TimeSpan span)
    {
        // Ages are exact to a hundredth. Nobody sees the difference, and it saves walking a thousand folders every second.
        TimeSpan hundredth = span / 100;
        _agesDue.Begin(hundredth < MostBetweenAges ? hundredth : MostBetweenAges);
        folder.Listing.Collect(file => means.Ages.IsOlder(file, span), _old);
        foreach (FinishedFile file in _old)
        {
            if (MayGo(file))
                TryDelete(file, DeletionReason.Age, out _);
        }
        _old.Clear();
    }

    private FinishedFile? OldestToFree() => folder.Listing.OldestOf(_freesRoom ??= FreesRoom);

    private bool MayGo(FinishedFile file) => !_staying.Contains(file.Microseconds) && IsDeletable(file);

    private bool FreesRoom(FinishedFile file) => IsDeletable(file) && !_guarded.Contains(file.Microseconds) && _guard?.FreesNothing(folder.NameOf(file)) != true;

    private bool IsDeletable(FinishedFile file) =>
        !_released && folder.IsOurs && _undeletable.Count < MostUndeletable && !_undeletable.Contains(file.Microseconds);

    /// <returns>Whether it is gone.</returns>
    private bool TryDelete(FinishedFile file, DeletionReason reason, out long bytes)
    {
        ArchiveName name = folder.NameOf(file);
        bytes = 0;
        if (WhyItStays(name, reason) is { } why)
        {
            means.Watch?.Stays(folder, file, why);
            if (_staying.Add(file.Microseconds))
                _stayingBytes += file.Bytes;
            return false;
        }

        int error = Delete(name.Finished);
        bytes = error == 0 ? file.Bytes : 0;
        _untried.Remove(file.Microseconds);
        if (error is not (0 or Errno.NoEntry))
        {
            _undeletable.Add(file.Microseconds);
            return false;
        }
        folder.Listing.Remove(file);
        _guard?.Deleted(name);
        if (error == 0)
        {
            counters.CountDeletedFile(reason);
            _health.State.Deletions.Add(name.Time, file.Bytes, reason);
            means.Watch?.Goes(folder, file, reason);
        }

        // Last, because an archive is complete without its index, but an index is useless without its archive.
        Delete(name.Index);
        Delete(name.Summary);
        return true;
    }

    /// <returns>Null if it may go.</returns>
    private string? WhyItStays(ArchiveName name, DeletionReason reason)
    {
        // The disk's need for room comes before the reader.
        if (reason != DeletionReason.FreeSpace && _files.IsRead(folder.PathOf(name.Finished)))
            return "it is being read";
        if (_guard?.WhyItStays(name, reason == DeletionReason.FreeSpace) is not { } why)
            return null;
        _guarded.Add(name.Microseconds);
        return why;
    }

    private int Delete(string fileName)
    {
        string path = folder.PathOf(fileName);
        int error = _files.Delete(path);
        if (error is not (0 or Errno.NoEntry))
            Fail("delete", path, error);
        return error;
    }

    private void Fail(string doing, string path, int error) =>
        _health.Failed(doing, error, () => ArchiveFaultText.Of(doing, path, folder.Path, error));
}
