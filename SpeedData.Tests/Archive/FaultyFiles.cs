using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Archive;

/// <summary>The real files. They note each operation and fail where a test says so. Hooks run on the calling thread.</summary>
internal sealed class FaultyFiles : IArchiveFiles
{
    private readonly IArchiveFiles _real = PortableArchiveFiles.ForThisPlatform;

    /// <summary>Returns the errno for an operation; 0 runs the real operation.</summary>
    public volatile Func<string, int> Fails = _ => 0;

    /// <summary>Returns the errno for creating the file at a path; 0 creates it.</summary>
    public volatile Func<string, int> FailsOn = _ => 0;

    /// <summary>Returns how many bytes of a write are taken; null for all.</summary>
    public volatile Func<long, int?> Takes = _ => null;

    public volatile Action BeforeWrite = () => { };

    /// <summary>Whether syncs are skipped. Without them, thousands of files are written quickly.</summary>
    public bool SkipsSyncs { get; init; }

    public ConcurrentQueue<string> Calls { get; } = new();

    public long Writes { get; private set; }

    public int List(string folder, ICollection<ArchiveEntry> into) => Fail(nameof(List)) is not 0 and var error ? error : _real.List(folder, into);

    public int CreateFolder(string folder) => Fail(nameof(CreateFolder)) is not 0 and var error ? error : _real.CreateFolder(folder);

    public int Create(string path, out SafeFileHandle? file)
    {
        file = null;
        int error = Fail(nameof(Create));
        if (error == 0)
            error = FailsOn(path);
        return error != 0 ? error : _real.Create(path, out file);
    }

    public int Open(string path, out SafeFileHandle? file)
    {
        file = null;
        return Fail(nameof(Open)) is not 0 and var error ? error : _real.Open(path, out file);
    }

    public bool IsRead(string path) => _real.IsRead(path);

    public int OpenToRead(string path, out SafeFileHandle? file) => _real.OpenToRead(path, out file);

    public int Lock(string path, out LockedFile? file)
    {
        file = null;
        return Fail(nameof(Lock)) is not 0 and var error ? error : _real.Lock(path, out file);
    }

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        Writes++;
        BeforeWrite();
        int? taken = Takes(pieces.Length);
        int error = Fails(nameof(Write));
        if (taken is null && error == 0)
            return _real.Write(file, offset, pieces);
        // As on a full disk, a part of the bytes is in the file, whatever the call returns.
        byte[] all = [.. pieces.Head, .. pieces.First, .. pieces.Second, .. pieces.Tail];
        ReadOnlySpan<byte> some = all.AsSpan(0, taken ?? all.Length / 2);
        _real.Write(file, offset, new WritePieces(some, default, default, default));
        return new WriteResult(error == 0 ? some.Length : 0, error);
    }

    public int Truncate(SafeFileHandle file, long length) => Fail(nameof(Truncate)) is not 0 and var error ? error : _real.Truncate(file, length);

    public int Sync(SafeFileHandle file) => Fail(nameof(Sync)) is not 0 and var error ? error : SkipsSyncs ? 0 : _real.Sync(file);

    public bool IsAt(string path, SafeFileHandle file) => _real.IsAt(path, file);

    public int Exists(string path) => _real.Exists(path);

    public int Link(string from, string to) => Fail(nameof(Link)) is not 0 and var error ? error : _real.Link(from, to);

    public int DeleteFolder(string folder) => Fail(nameof(DeleteFolder)) is not 0 and var error ? error : _real.DeleteFolder(folder);

    public int Rename(string from, string to) => Fail(nameof(Rename)) is not 0 and var error ? error : _real.Rename(from, to);

    public int Replace(string from, string to) => Fail(nameof(Replace)) is not 0 and var error ? error : _real.Replace(from, to);

    public int Delete(string path) => Fail(nameof(Delete)) is not 0 and var error ? error : _real.Delete(path);

    public int SyncFolder(string folder) => Fail(nameof(SyncFolder)) is not 0 and var error ? error : SkipsSyncs ? 0 : _real.SyncFolder(folder);

    public int Room(string folder, out FileSystemRoom room)
    {
        room = default;
        return Fail(nameof(Room)) is not 0 and var error ? error : _real.Room(folder, out room);
    }

    private int Fail(string operation)
    {
        Calls.Enqueue(operation);
        return Fails(operation);
    }
}
