using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Makes part files durable and turns them into archives. To survive a power loss, the data is synced before the file gets its
/// name. Sync thread.
/// </summary>
internal sealed class FileFinisher(ArchiveFolder folder, IArchiveFiles files, ArchiveHealth health, ChannelCounters counters)
{
    // Each keeps two files open. Files beyond these wait for the next start.
    private const int MostWaiting = 16;

    private readonly List<PartFile> _waiting = [];

    /// <summary>Whether files wait for a name, or for room for the last entries of their index.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Syncs what has been written so far; a failure is kept in the file, and the writer goes on in another.</summary>
    public void Sync(PartFile part)
    {
        using ArchiveHealth.WaitScope waiting = health.Syncing();
        if (part.SyncError == 0 && TrySync(part))
            Works();
    }

    /// <summary>Ends a file that nothing more is written to, and closes it.</summary>
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

    /// <summary>Tries again the steps that failed for a file.</summary>
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

    /// <summary>Closes what still waits; a file without its name stays a part file, for the next start.</summary>
    public void CloseAll()
    {
        foreach (PartFile part in _waiting.ToList())
            Close(part);
    }

    private void Delete(PartFile part)
    {
        // An empty file tells whether the disk syncs again.
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

    /// <summary>It is not known what is on the disk, or the drain ran out of time: the file stays a part file.</summary>
    private void SetAside(PartFile part)
    {
        part.Index?.TryWrite();
        if (part.SyncError != 0)
            folder.Doubt(part.Name);
        Close(part);
    }

    /// <summary>Writes the file's last index entries, then gives it its name.</summary>
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
        // Writes to a file succeed even after its folder was removed or moved away. Only the name shows it.
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
