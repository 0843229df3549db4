using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// File operations of the archive. A failure is a value: an errno in Linux's numbering, 0 for none. No operation
/// throws for a disk fault. Any thread; calls on one file may come from two threads at once (append and sync).
/// </summary>
public interface IArchiveFiles
{
    /// <summary>Adds every file of the folder, subfolders not included, in any order.</summary>
    int List(string folder, ICollection<ArchiveEntry> into);

    /// <summary>Creates the folder and what is missing above it, and makes each new name durable. Existing already is no failure.</summary>
    int CreateFolder(string folder);

    /// <summary>Creates a file that was not there before (EEXIST otherwise) and opens it for writing.</summary>
    int Create(string path, out SafeFileHandle? file);

    /// <summary>Opens an existing file for reading and writing.</summary>
    int Open(string path, out SafeFileHandle? file);

    /// <summary>Opens an existing file for reading, even if another process has locked it.</summary>
    int OpenToRead(string path, out SafeFileHandle? file);

    /// <summary>
    /// Opens the file, creates it if it is missing, and locks it until the handle is closed or the process ends. Only one
    /// process or container of this host can have the lock; the others get EAGAIN, and the file is not opened.
    /// </summary>
    int Lock(string path, out SafeFileHandle? file);

    /// <summary>Whether somebody reads the file and holds the lock that .NET takes for that: a shared flock(2).</summary>
    bool IsRead(string path);

    /// <summary>Writes all pieces, one behind the other, at <paramref name="offset"/>. Does not allocate.</summary>
    WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces);

    /// <summary>Cuts the file to <paramref name="length"/> bytes.</summary>
    int Truncate(SafeFileHandle file, long length);

    /// <summary>Makes the file's data, and what is needed to read it back, durable. May take long.</summary>
    int Sync(SafeFileHandle file);

    /// <summary>Whether the path still leads to this open file.</summary>
    bool IsAt(string path, SafeFileHandle file);

    /// <summary>0 if the path leads to something, ENOENT if not.</summary>
    int Exists(string path);

    /// <summary>Gives a file a second name (a hard link); EEXIST if the name is taken.</summary>
    int Link(string from, string to);

    /// <summary>Renames a file or folder within its folder; EEXIST if the new name is taken.</summary>
    int Rename(string from, string to);

    /// <summary>Renames within a folder, and replaces a file that has the new name.</summary>
    int Replace(string from, string to);

    int Delete(string path);

    /// <summary>Deletes a folder that is empty.</summary>
    int DeleteFolder(string folder);

    /// <summary>Makes the folder's names durable. May take long.</summary>
    int SyncFolder(string folder);

    /// <summary>The file system a folder lies on, and the room on it; ENOENT where the folder is not there.</summary>
    int Room(string folder, out FileSystemRoom room);
}

/// <summary>A file as listed: its name without the folder, its bytes, and when it was last written.</summary>
public readonly record struct ArchiveEntry(string Name, long Bytes, DateTimeOffset ModifiedAt);

/// <summary>A file system at one moment.</summary>
/// <param name="Id">Tells it from the others while the process lives: st_dev where there is one.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What this user may still fill: without what is kept for root.</param>
public readonly record struct FileSystemRoom(ulong Id, long TotalBytes, long FreeBytes);

/// <summary>What a write call did.</summary>
/// <param name="Written">Bytes the file took, possibly fewer than given.</param>
/// <param name="Error">errno, 0 for none; a short write has none.</param>
public readonly record struct WriteResult(long Written, int Error)
{
    public bool IsWhole(long length) => Error == 0 && Written == length;

    /// <summary>errno; 0 if all was written. A short write has none of its own, but the next one would have.</summary>
    public int ErrorFor(long offset, long length) =>
        Error != 0 || Written == length ? Error
        : WithSizeLimit(offset).Error is not 0 and var limit ? limit
        : Errno.NoSpace;

    /// <summary>
    /// A short write as the one it was: a write that begins below the size limit is cut there without an error, and one that
    /// begins at the limit gets EFBIG.
    /// </summary>
    public WriteResult WithSizeLimit(long offset) =>
        Error == 0 && offset + Written >= FileSizeLimit.Current ? this with { Error = Errno.FileTooLarge } : this;
}

/// <summary>The pieces of one gathered write; any may be empty.</summary>
public readonly ref struct WritePieces(ReadOnlySpan<byte> head, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> tail)
{
    public ReadOnlySpan<byte> Head { get; } = head;

    public ReadOnlySpan<byte> First { get; } = first;

    public ReadOnlySpan<byte> Second { get; } = second;

    public ReadOnlySpan<byte> Tail { get; } = tail;

    public long Length => (long)Head.Length + First.Length + Second.Length + Tail.Length;
}
