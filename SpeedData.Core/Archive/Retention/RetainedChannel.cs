using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Keeps a channel's archive within its limits: deletes files that are too old or over the quota, or when its file system lacks
/// room. Retention thread, unless a member says otherwise.
/// </summary>
/// <param name="folder">What lies there.</param>
/// <param name="limits">How much may stay.</param>
/// <param name="counters">Where deletions are counted.</param>
/// <param name="means">What it works with.</param>
internal sealed class RetainedChannel(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters, RetentionMeans means)
{
    // If so many files cannot be deleted, the folder is left alone until it is time to try again.
    private const int MostUndeletable = 8;

    // Room that the recording needs while other data fill the disk: a few blocks and a new file.
    private const long MostReserve = 64L << 20;

    private static readonly TimeSpan BetweenLocations = TimeSpan.FromMinutes(1), MostBetweenAges = TimeSpan.FromMinutes(1);

    private readonly IArchiveFiles _files = means.Files;
    private readonly IFileGuard? _guard = means.Guard;
    private readonly RetentionHealth _health = new(means.Time);
    private readonly Deadline _agesDue = new(means.Time), _locationDue = new(means.Time);
    // By name: what could not be deleted, until it is time to try again; then it waits to be tried.
    private readonly HashSet<long> _undeletable = [], _untried = [];
    private readonly List<FinishedFile> _old = [];
    // By name: files due for deletion that stay, because they are being read or a tag could not keep them yet. They go when that is over.
    private readonly HashSet<long> _staying = [];
    // Those that must stay even if the disk needs their room.
    private readonly HashSet<long> _guarded = [];
    private long _stayingBytes;
    private Predicate<FinishedFile>? _freesRoom;
    private bool _unlisted;
    private volatile bool _released;

    /// <summary>Any thread.</summary>
    public RetentionState State => _health.State;

    /// <summary>The file system its folder lies on; null while that is not known, or there is no folder.</summary>
    public ulong? FileSystem { get; private set; }

    public long Bytes => folder.Listing.Totals.Bytes;

    /// <summary>Bytes of the files that may be deleted.</summary>
    public long GivableBytes => CanGive ? Math.Max(0, folder.Listing.Totals.Bytes - folder.Listing.Totals.NewestBytes - (_guard?.BytesNotFreed(folder.Channel) ?? 0)) : 0;

    /// <summary>Free space below which this channel deletes files at present.</summary>
    public long Target { get; private set; }

    public bool CanGive => folder.Listing.Totals.Files > 1 && OldestToFree() is not null;

    /// <summary>Any thread: the channel was removed, its files are left alone.</summary>
    public void Release()
    {
        _released = true;
        folder.Changed = null;
        folder.Finished = null;
    }

    /// <summary>One look at what is there, its age and the quota.</summary>
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
        // What stays for now counts as deleted: no newer file goes in its place.
        while (limits.RetainBytes < Bytes - _stayingBytes && TryDeleteOldest(DeletionReason.Bytes, out _))
        {
        }
    }

    /// <summary>Ends a look.</summary>
    public void EndLook() => _health.EndLook(isMended: !HasFailed);

    /// <summary>An unexpected error. Retention of the other channels goes on.</summary>
    public void Fail(Exception e) => _health.Failed("look", e.HResult, () => $"old files of {folder.Path} are not deleted: {e.Message}");

    /// <summary>Finds out which file system the folder lies on, if that is due.</summary>
    /// <returns>Whether it is another than before.</returns>
    public bool Locate()
    {
        if (!_locationDue.IsOver && FileSystem is not null)
            return false;
        _locationDue.Begin(BetweenLocations);
        ulong? before = FileSystem;
        FileSystem = TryMeasure(out FileSystemRoom room) ? room.Id : null;
        return FileSystem != before;
    }

    /// <summary>The folder is not where it was.</summary>
    public void Lose() => _locationDue.Begin(TimeSpan.Zero);

    /// <summary>Asks how much room there is on the folder's file system, or where the folder will be.</summary>
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
    /// Decides how much space this channel keeps free. If deleting every archive would not free that much, other data fill the
    /// file system: then only as much is kept free as the recording needs to go on.
    /// </summary>
    /// <param name="totalBytes">Size of the file system.</param>
    /// <param name="reachable">Free space if every archive that may be deleted were gone.</param>
    public void Aim(long totalBytes, long reachable)
    {
        long floor = FloorOn(totalBytes);
        bool isReachable = floor <= reachable;
        if (!isReachable)
            _health.CannotReachFloor(floor, reachable, folder.Path);
        Target = isReachable ? floor : Math.Min(reachable / 10, MostReserve);
    }

    /// <summary>Deleting does not help writes that find no room.</summary>
    public void GiveUp() => _health.DeletingIsInVain(folder.Path);

    /// <summary>Free space to be kept on a file system of this size; 0 for none.</summary>
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

    /// <summary>Deletes the oldest file that can be deleted; never the newest.</summary>
    /// <param name="reason">What it is counted as.</param>
    /// <param name="bytes">How many were freed: 0 where somebody else had deleted it.</param>
    /// <returns>False if there is none.</returns>
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
    /// A file that could not be deleted is tried again only when something must be deleted; it is remembered until it is gone.
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
        // A folder that could not be taken (another process keeps it, or it may not be written) is reported by the writer.
        _unlisted = error != 0 && folder.IsOurs;
        if (_unlisted)
            Fail("list", folder.Path, error);
    }

    private void DeleteOlderThan(TimeSpan span)
    {
        // Ages are exact to a hundredth: nobody sees the difference, and a thousand folders need not be walked every second.
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
        // The disk needs the room more than the reader the file.
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
