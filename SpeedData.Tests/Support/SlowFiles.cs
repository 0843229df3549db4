using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Support;

/// <summary>The real file operations, with a gate before every write. A closed gate makes the writer hang as on a dead disk.</summary>
internal sealed class SlowFiles : IArchiveFiles, IDisposable
{
    private readonly IArchiveFiles _real = PortableArchiveFiles.ForThisPlatform;

    public ManualResetEventSlim Gate { get; } = new(true);

    private int _waiting;

    /// <summary>Number of writes that wait at the gate.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>errno that writes fail with; 0 for none.</summary>
    public volatile int WriteError;

    public int List(string folder, ICollection<ArchiveEntry> into) => _real.List(folder, into);

    public int CreateFolder(string folder) => _real.CreateFolder(folder);

    /// <summary>Returns whether creating this file fails for lack of space.</summary>
    public Func<string, bool> LackRoom { get; init; } = _ => false;

    public int Create(string path, out SafeFileHandle? file)
    {
        const int NoSpace = 28;
        file = null;
        return LackRoom(path) ? NoSpace : _real.Create(path, out file);
    }

    public int Open(string path, out SafeFileHandle? file) => _real.Open(path, out file);

    public bool IsRead(string path) => _real.IsRead(path);

    public int OpenToRead(string path, out SafeFileHandle? file) => _real.OpenToRead(path, out file);

    public int Lock(string path, out LockedFile? file) => _real.Lock(path, out file);

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        Interlocked.Increment(ref _waiting);
        Gate.Wait();
        Interlocked.Decrement(ref _waiting);
        return WriteError != 0 ? new WriteResult(0, WriteError) : _real.Write(file, offset, pieces);
    }

    public int Truncate(SafeFileHandle file, long length) => _real.Truncate(file, length);

    public int Sync(SafeFileHandle file) => _real.Sync(file);

    public bool IsAt(string path, SafeFileHandle file) => _real.IsAt(path, file);

    public int Exists(string path) => _real.Exists(path);

    public int Rename(string from, string to) => _real.Rename(from, to);

    public int Link(string from, string to) => _real.Link(from, to);

    public int DeleteFolder(string folder) => _real.DeleteFolder(folder);

    public int Replace(string from, string to) => _real.Replace(from, to);

    public int Delete(string path) => _real.Delete(path);

    public int SyncFolder(string folder) => _real.SyncFolder(folder);

    public int Room(string folder, out FileSystemRoom room) => _real.Room(folder, out room);

    public void Dispose() => Gate.Set();
}
