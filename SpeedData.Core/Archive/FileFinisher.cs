using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>Makes part files durable, and archives of them. Sync thread; order as for power loss: data before name.</summary>
internal sealed class FileFinisher(ArchiveFolder folder, IArchiveFiles files, ArchiveHealth health, ChannelCounters counters)
{
    /// <summary>Syncs what has been written so far; a failure is kept in the file, and the writer goes on in another.</summary>
    public void Sync(PartFile part)
    {
        using ArchiveHealth.Scope waiting = health.Syncing();
        if (part.SyncError == 0 && TrySync(part))
            health.SyncingWorks();
    }

    /// <summary>Ends a file that nothing more is written to, and closes it.</summary>
    public void End(PartFile part, PartEnd end)
    {
        using ArchiveHealth.Scope waiting = health.Syncing();
        if (end == PartEnd.Delete)
            Delete(part);
        else
            Finish(part, mayRename: end == PartEnd.Finish);
        folder.Ended(part.Name);
    }

    private void Delete(PartFile part)
    {
        part.Close();
        files.Delete(part.Path);
        files.Delete(folder.PathOf(part.Name.Index));
    }

    private void Finish(PartFile part, bool mayRename)
    {
        part.Index?.TryWrite();
        bool synced = mayRename && part.SyncError == 0 && TrySync(part);
        part.Close();
        if (synced && TryRename(part))
            health.SyncingWorks();
    }

    private bool TrySync(PartFile part)
    {
        // The name first: data that no name leads to after a power loss is lost data.
        if (!part.NameIsDurable && !Durable(part, "sync the folder", folder.Path, files.SyncFolder(folder.Path)))
            return false;
        part.NameIsDurable = true;
        if (!Durable(part, "sync", part.Path, part.Sync()))
            return false;
        // Writes to a file whose folder was removed or moved away all succeed: only its name tells.
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
