using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Native;

namespace SpeedData.Core.Tags.Preview;

/// <summary>Reads the real files but changes nothing: a deletion is only simulated.</summary>
/// <param name="real">The real file operations, for reading.</param>
/// <param name="bytesFreedBy">Returns the bytes that deleting a path would free.</param>
internal sealed class PreviewFiles(IArchiveFiles real, Func<string, long> bytesFreedBy) : IArchiveFiles
{
    private long _freed;

    public int List(string folder, ICollection<ArchiveEntry> into) => real.List(folder, into);

    public int CreateFolder(string folder) => Errno.ReadOnlyFileSystem;

    public int Create(string path, out SafeFileHandle? file) => Refuse(out file);

    public int Open(string path, out SafeFileHandle? file) => Refuse(out file);

    public int OpenToRead(string path, out SafeFileHandle? file) => real.OpenToRead(path, out file);

    /// <remarks>Takes no lock, because a running server may hold it.</remarks>
    public int Lock(string path, out LockedFile? file)
    {
        file = new LockedFile(new SafeFileHandle(-1, ownsHandle: false));
        return 0;
    }

    public bool IsRead(string path) => real.IsRead(path);

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces) => new(pieces.Length, 0);

    public int Truncate(SafeFileHandle file, long length) => 0;

    public int Sync(SafeFileHandle file) => 0;

    public bool IsAt(string path, SafeFileHandle file) => file.IsInvalid || real.IsAt(path, file);

    public int Exists(string path) => real.Exists(path);

    public int Link(string from, string to) => Errno.ReadOnlyFileSystem;

    public int Rename(string from, string to) => Errno.ReadOnlyFileSystem;

    public int Replace(string from, string to) => Errno.ReadOnlyFileSystem;

    public int Delete(string path)
    {
        int error = real.Exists(path);
        if (error == 0)
            _freed += bytesFreedBy(path);
        return error;
    }

    public int DeleteFolder(string folder) => Errno.ReadOnlyFileSystem;

    public int SyncFolder(string folder) => 0;

    public int Room(string folder, out FileSystemRoom room)
    {
        int error = real.Room(folder, out room);
        room = room with { FreeBytes = Math.Min(room.FreeBytes, long.MaxValue - _freed) + _freed };
        return error;
    }

    private static int Refuse(out SafeFileHandle? file)
    {
        file = null;
        return Errno.ReadOnlyFileSystem;
    }
}
