using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>A file operation that was done.</summary>
/// <param name="Kind">Kind of the operation.</param>
/// <param name="File">Number that the file got when it was created.</param>
/// <param name="Offset">Offset of a write; new length of a cut; for a sync, the number of operations that it is sure to cover.</param>
/// <param name="Bytes">Bytes of a write.</param>
/// <param name="Name">Name of the file that was created or deleted, or the new name.</param>
internal sealed record DiskOperation(DiskOperationKind Kind, int File, long Offset = 0, byte[]? Bytes = null, string? Name = null);

internal enum DiskOperationKind
{
    Create,
    Write,
    Cut,
    Rename,
    Delete,
    Synced,
    FolderSynced,
}

/// <summary>The real files. They log every operation, so that a test can rebuild the disk as a power loss leaves it.</summary>
internal sealed class RecordingFiles : IArchiveFiles
{
    private readonly IArchiveFiles _real = PortableArchiveFiles.ForThisPlatform;
    private readonly Dictionary<string, int> _byName = [];
    private readonly Dictionary<SafeFileHandle, int> _byHandle = [];
    private readonly List<DiskOperation> _log = [];
    private int _files;

    public IReadOnlyList<DiskOperation> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public int List(string folder, ICollection<ArchiveEntry> into) => _real.List(folder, into);

    public int Room(string folder, out FileSystemRoom room) => _real.Room(folder, out room);

    public int CreateFolder(string folder) => _real.CreateFolder(folder);

    public int Create(string path, out SafeFileHandle? file)
    {
        lock (_log)
        {
            int error = _real.Create(path, out file);
            if (error != 0)
                return error;
            int number = _files++;
            _byName[path] = number;
            _byHandle[file!] = number;
            _log.Add(new DiskOperation(DiskOperationKind.Create, number, Name: Path.GetFileName(path)));
            return 0;
        }
    }

    public int Open(string path, out SafeFileHandle? file) => _real.Open(path, out file);

    public bool IsRead(string path) => _real.IsRead(path);

    public int OpenToRead(string path, out SafeFileHandle? file) => _real.OpenToRead(path, out file);

    public int Lock(string path, out LockedFile? file) => _real.Lock(path, out file);

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        byte[] bytes = [.. pieces.Head, .. pieces.First, .. pieces.Second, .. pieces.Tail];
        lock (_log)
        {
            WriteResult result = _real.Write(file, offset, pieces);
            if (_byHandle.TryGetValue(file, out int number))
                _log.Add(new DiskOperation(DiskOperationKind.Write, number, offset, bytes));
            return result;
        }
    }

    public int Truncate(SafeFileHandle file, long length)
    {
        lock (_log)
        {
            int error = _real.Truncate(file, length);
            if (_byHandle.TryGetValue(file, out int number))
                _log.Add(new DiskOperation(DiskOperationKind.Cut, number, length));
            return error;
        }
    }

    public int Sync(SafeFileHandle file)
    {
        long covered;
        lock (_log)
            covered = _log.Count;
        // Other threads continue to write during a sync, as on a real disk.
        Thread.Yield();
        lock (_log)
            _log.Add(new DiskOperation(DiskOperationKind.Synced, _byHandle[file], covered));
        return 0;
    }

    public bool IsAt(string path, SafeFileHandle file) => _real.IsAt(path, file);

    public int Exists(string path) => _real.Exists(path);

    public int Rename(string from, string to)
    {
        lock (_log)
        {
            int error = _real.Rename(from, to);
            if (error == 0 && _byName.Remove(from, out int number))
            {
                _byName[to] = number;
                _log.Add(new DiskOperation(DiskOperationKind.Rename, number, Name: Path.GetFileName(to)));
            }

            return error;
        }
    }

    public int Link(string from, string to) => _real.Link(from, to);

    public int DeleteFolder(string folder) => _real.DeleteFolder(folder);

    public int Replace(string from, string to) => _real.Replace(from, to);

    public int Delete(string path)
    {
        lock (_log)
        {
            int error = _real.Delete(path);
            if (error == 0 && _byName.Remove(path, out int number))
                _log.Add(new DiskOperation(DiskOperationKind.Delete, number));
            return error;
        }
    }

    public int SyncFolder(string folder)
    {
        long covered;
        lock (_log)
            covered = _log.Count;
        Thread.Yield();
        lock (_log)
            _log.Add(new DiskOperation(DiskOperationKind.FolderSynced, -1, covered));
        return 0;
    }
}
