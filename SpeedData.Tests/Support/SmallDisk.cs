using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;

namespace SpeedData.Tests.Support;

/// <summary>The real files, on a disk whose size and faults the test controls. Syncs do nothing, since the power never fails.</summary>
internal sealed class SmallDisk : IArchiveFiles
{
    private const int NoSpace = 28; // ENOSPC

    private readonly IArchiveFiles _real = PortableArchiveFiles.ForThisPlatform;
    private readonly ConcurrentDictionary<string, long> _finishedAt = [];
    private long _unshown;

    /// <summary>Folder where the disk is mounted.</summary>
    public string Root { get; set; } = "";

    /// <summary>Capacity in bytes. A write that does not fit writes as much as fits and fails with ENOSPC.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Returns the errno for an operation on a path; 0 runs the real operation.</summary>
    public volatile Func<string, string, int> Fails = (_, _) => 0;

    /// <summary>Returns the ID of the file system that holds a folder.</summary>
    public volatile Func<string, ulong> FileSystemOf = _ => 1;

    /// <summary>Whether space freed by deletions stays hidden until <see cref="ShowFreed"/>, as on btrfs and ZFS.</summary>
    public volatile bool FreesLate;

    /// <summary>Called after a folder was listed, before the caller gets the list.</summary>
    public volatile Action AfterList = () => { };

    /// <summary>Names of deleted archives, in order.</summary>
    public IReadOnlyList<string> Deleted => [.. DeletedOfAllKinds.Where(file => file.EndsWith(".avro", StringComparison.Ordinal))];

    /// <summary>Names of deleted archives and indexes, in order.</summary>
    public ConcurrentQueue<string> DeletedOfAllKinds { get; } = new();

    /// <summary>Shortest time from finishing a file to its deletion.</summary>
    public TimeSpan ShortestLife { get; private set; } = TimeSpan.MaxValue;

    public int Lists;

    public long Free => Math.Max(0, Capacity - Used - Interlocked.Read(ref _unshown));

    private long Used => Directory.Exists(Root) ? new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name != FolderLock.FileName).Sum(LengthOf) : 0;

    public void ShowFreed() => Interlocked.Exchange(ref _unshown, 0);

    public int List(string folder, ICollection<ArchiveEntry> into)
    {
        Interlocked.Increment(ref Lists);
        int error = Fails(nameof(List), folder) is not 0 and var injected ? injected : _real.List(folder, into);
        AfterList();
        return error;
    }

    public int CreateFolder(string folder) => _real.CreateFolder(folder);

    public int Create(string path, out SafeFileHandle? file)
    {
        file = null;
        return Fails(nameof(Create), path) is not 0 and var error ? error : _real.Create(path, out file);
    }

    public int Open(string path, out SafeFileHandle? file) => _real.Open(path, out file);

    public bool IsRead(string path) => _real.IsRead(path);

    public int OpenToRead(string path, out SafeFileHandle? file) => _real.OpenToRead(path, out file);

    public int Lock(string path, out LockedFile? file)
    {
        file = null;
        return Fails(nameof(Lock), path) is not 0 and var error ? error : _real.Lock(path, out file);
    }

    public bool IsAt(string path, SafeFileHandle file) => _real.IsAt(path, file);

    public int Link(string from, string to) => Fails(nameof(Link), to) is not 0 and var error ? error : _real.Link(from, to);

    public int DeleteFolder(string folder) => _real.DeleteFolder(folder);

    public int Replace(string from, string to) => _real.Replace(from, to);

    public WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        if (Fails(nameof(Write), "") is not 0 and var error)
            return new WriteResult(0, error);
        long free = Capacity == long.MaxValue ? long.MaxValue : Free;
        if (pieces.Length <= free)
            return _real.Write(file, offset, pieces);
        if (free == 0)
            return new WriteResult(0, NoSpace);
        byte[] all = [.. pieces.Head, .. pieces.First, .. pieces.Second, .. pieces.Tail];
        return _real.Write(file, offset, new WritePieces(all.AsSpan(0, (int)free), default, default, default));
    }

    public int Truncate(SafeFileHandle file, long length) => _real.Truncate(file, length);

    public int Sync(SafeFileHandle file) => 0;

    public int Exists(string path) => _real.Exists(path);

    public int Rename(string from, string to)
    {
        _finishedAt[to] = Stopwatch.GetTimestamp();
        return _real.Rename(from, to);
    }

    public int Delete(string path)
    {
        if (Fails(nameof(Delete), path) is not 0 and var error)
            return error;
        long length = LengthOf(new FileInfo(path));
        int result = _real.Delete(path);
        if (result != 0)
            return result;
        DeletedOfAllKinds.Enqueue(Path.GetFileName(path));
        if (_finishedAt.TryGetValue(path, out long finished) && Stopwatch.GetElapsedTime(finished) is var life && life < ShortestLife)
            ShortestLife = life;
        if (FreesLate)
            Interlocked.Add(ref _unshown, length);
        return 0;
    }

    public int SyncFolder(string folder) => 0;

    public int Room(string folder, out FileSystemRoom room)
    {
        room = default;
        if (Fails(nameof(Room), folder) is not 0 and var error)
            return error;
        if (!Directory.Exists(folder))
            return 2; // ENOENT
        room = new FileSystemRoom(FileSystemOf(folder), Capacity, Capacity == long.MaxValue ? Capacity : Free);
        return 0;
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // The file was deleted meanwhile.
            return 0;
        }
    }
}
