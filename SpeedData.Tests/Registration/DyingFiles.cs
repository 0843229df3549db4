using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Registration;

/// <summary>Thrown when the process is killed.</summary>
internal sealed class KilledException : Exception;

/// <summary>File operations of a process that is killed before one of them or in the middle of a write.</summary>
internal sealed class DyingFiles(int after) : IArchiveFiles
{
    private readonly IArchiveFiles _real = PortableArchiveFiles.ForThisPlatform;
    private int _left = after;

    public int Done { get; private set; }

    public int List(string folder, ICollection<ArchiveEntry> into) => Step(() => _real.List(folder, into));

    public int CreateFolder(string folder) => Step(() => _real.CreateFolder(folder));

    public int Create(string path, out SafeFileHandle? file)
    {
        Step();
        return _real.Create(path, out file);
    }

    public int Open(string path, out SafeFileHandle? file) => throw new NotSupportedException();

    public int OpenToRead(string path, out SafeFileHandle? file) => throw new NotSupportedException();

    public int Lock(string path, out LockedFile? file) => throw new NotSupportedException();

    public bool IsRead(string path) => throw new NotSupportedException();

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        // A write counts as two operations. If the process dies after the first one, half of the bytes are written.
        _real.Write(file, offset, new WritePieces(pieces.Head[..(pieces.Head.Length / 2)], default, default, default));
        Step();
        return _real.Write(file, offset, pieces);
    }

    public int Truncate(SafeFileHandle file, long length) => throw new NotSupportedException();

    public int Sync(SafeFileHandle file) => Step(() => _real.Sync(file));

    public bool IsAt(string path, SafeFileHandle file) => throw new NotSupportedException();

    public int Exists(string path) => _real.Exists(path);

    public int Rename(string from, string to) => throw new NotSupportedException();

    public int Replace(string from, string to) => Step(() => _real.Replace(from, to));

    public int Delete(string path) => Step(() => _real.Delete(path));

    public int DeleteFolder(string folder) => throw new NotSupportedException();

    public int Link(string from, string to) => throw new NotSupportedException();

    public int SyncFolder(string folder) => Step(() => _real.SyncFolder(folder));

    public int Room(string folder, out FileSystemRoom room) => throw new NotSupportedException();

    private int Step(Func<int> operation)
    {
        Step();
        return operation();
    }

    private void Step()
    {
        if (_left-- <= 0)
            throw new KilledException();
        Done++;
    }
}
