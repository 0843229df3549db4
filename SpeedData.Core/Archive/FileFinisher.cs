using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Makes part files durable and turns them into archives. It syncs the data before the file gets its name, so that an archive
/// survives a power loss. Sync thread.
/// </summary>
internal sealed class FileFinisher(ArchiveFolder folder, IArchiveFiles files, ArchiveHealth health, ChannelCounters counters)
{
    // Each waiting file keeps two files open. Further files wait for the next start.
    private const int MostWaiting = 16;

    private readonly List<PartFile> _waiting = [];

    /// <summary>Whether files wait for their names, or for disk room for the last entries of their index.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Syncs what has been written so far. The file keeps a failure, and the writer then continues in another file.</summary>
    public void Sync(PartFile part)
    {
        using ArchiveHealth.WaitScope waiting = health.Syncing();
        if (part.SyncError == 0 && TrySync(part))
            Works();
    }

    /// <summary>Ends a complete file, and closes it.</summary>
    public void End(PartFile part, PartEnd end)
    {
        using ArchiveHealth.WaitScope waiting = health.Syncing();
        if (end == PartEnd.Delete)
            Delete(part);
        else if (end == PartEnd.Finish && part.SyncError == 0 && TrySync(part))
            Finish(part);
        else
            SetAside(part);
    }

    /// <summary>Tries the failed steps of each file again.</summary>
    public void TryAgain()
    {
        using ArchiveHealth.WaitScope waiting = health.Syncing();
        foreach (PartFile part in _waiting.ToList())
        {
            if (IsComplete(part))
                Close(part);
        }

        if (!HasWaiting)
            Works();
    }

    /// <summary>Closes the waiting files. A file without its final name stays a part file until the next start.</summary>
    public void CloseAll()
    {
        foreach (PartFile part in _waiting.ToList())
            Close(part);
    }

    private void Delete(PartFile part)
    {
        // An empty file shows whether the disk syncs again.
        if (health.HasSyncFault && TrySync(part))
            Works();
        part.Close();
        files.Delete(part.Path);
        files.Delete(folder.PathOf(part.Name.Index));
        folder.Ended(part.Name);
    }

    private void Finish(PartFile part)
    {
        if (IsComplete(part))
        {
            Close(part);
            Works();
        }
        else if (_waiting.Count < MostWaiting)
        {
            _waiting.Add(part);
        }
        else
        {
            Close(part);
        }
    }

    /// <summary>Leaves the file as a part file, because its contents on the disk are unknown or the drain ran out of time.</summary>
    private void SetAside(PartFile part)
    {
        part.Index?.TryWrite();
        if (part.SyncError != 0)
            folder.Doubt(part.Name);
        Close(part);
    }

    /// <summary>Writes the file's last index entries, gives the file its name, and returns whether all of that succeeded.</summary>
    private bool IsComplete(PartFile part)
    {
        bool isIndexed = part.Index?.TryWrite() != false;
        if (!part.IsRenamed)
            part.IsRenamed = TryRename(part);
        return isIndexed && part.IsRenamed;
    }

    private void Close(PartFile part)
    {
        _waiting.Remove(part);
        part.Close();
        folder.Ended(part.Name);
    }

    private void Works()
    {
        if (_waiting.Exists(part => !part.IsRenamed))
            return;
        health.SyncingWorks();
        folder.TryDoubtful();
    }

    private bool TrySync(PartFile part)
    {
        // The name must be durable first: after a power loss, data without a name is lost.
        if (!part.NameIsDurable && !Durable(part, "sync the folder", folder.Path, files.SyncFolder(folder.Path)))
            return false;
        part.NameIsDurable = true;
        if (!Durable(part, "sync", part.Path, part.Sync()))
            return false;
        if (part.IndexSyncError != 0)
            counters.CountSyncError();
        // Writes to a file succeed even after its folder was removed or moved away. Only the missing name shows it.
        int missing = files.Exists(part.Path);
        if (missing != 0)
            Failed(part, "find again", part.Path, missing);
        return missing == 0;
    }

    private bool TryRename(PartFile part)
    {
        int error = folder.Finish(part.Name, part.Length, out _);
        if (error != 0)
            Failed(part, "rename", part.Path, error);
        return error == 0 && Durable(part, "sync the folder", folder.Path, files.SyncFolder(folder.Path));
    }

    private bool Durable(PartFile part, string doing, string path, int error)
    {
        if (error == 0)
            return true;
        counters.CountSyncError();
        Failed(part, doing, path, error);
        return false;
    }

    private void Failed(PartFile part, string doing, string path, int error)
    {
        health.SyncingFailed(doing, error, () => ArchiveFaultText.Of(doing, path, folder.Path, error));
        part.SyncError = error;
        if (Errno.IsLackOfRoom(error))
            folder.RoomRefused();
    }
}
