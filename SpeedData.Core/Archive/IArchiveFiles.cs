using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// The file operations of the archive. A failure is a value: an errno as Linux numbers it, 0 for none. No operation throws for a
/// disk fault. Any thread; two threads may call for one file at once (append and sync).
/// </summary>
public interface IArchiveFiles
{
    /// <summary>Adds every file of the folder, without subfolders, in any order.</summary>
    int List(string folder, ICollection<ArchiveEntry> into);

    /// <summary>
    /// Creates the folder and missing folders above it, and makes each new name durable. An existing folder is not a failure.
    /// </summary>
    int CreateFolder(string folder);

    /// <summary>Creates a file that did not exist (EEXIST if it did) and opens it for writing.</summary>
    int Create(string path, out SafeFileHandle? file);

    /// <summary>Opens an existing file for reading and writing.</summary>
    int Open(string path, out SafeFileHandle? file);

    /// <summary>Opens an existing file for reading, even if another process has locked it.</summary>
    int OpenToRead(string path, out SafeFileHandle? file);

    /// <summary>
    /// Opens the file, creates it if it is missing, and locks it until it is disposed of or the process ends. Only one process or
    /// container of this host can have the lock. The others get EAGAIN, and no open file.
    /// </summary>
    int Lock(string path, out LockedFile? file);

    /// <summary>Whether somebody reads the file with .NET, which takes a shared flock(2) for reading.</summary>
    bool IsRead(string path);

    /// <summary>Writes all pieces, one after the other, at <paramref name="offset"/>. Does not allocate.</summary>
    WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces);

    /// <summary>Cuts the file to <paramref name="length"/> bytes.</summary>
    int Truncate(SafeFileHandle file, long length);

    /// <summary>Makes the file's data durable, with the metadata that reading it back needs. May take long.</summary>
    int Sync(SafeFileHandle file);

    /// <summary>Whether the path still leads to this open file.</summary>
    bool IsAt(string path, SafeFileHandle file);

    /// <summary>Returns 0 if the path exists, ENOENT if it does not.</summary>
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

    /// <summary>Makes the folder's file names durable. May take long.</summary>
    int SyncFolder(string folder);

    /// <summary>Returns the file system of a folder and the room on it; ENOENT if the folder does not exist.</summary>
    int Room(string folder, out FileSystemRoom room);
}

/// <summary>A listed file: its name without the folder, its size in bytes, and when it was last written.</summary>
public readonly record struct ArchiveEntry(string Name, long Bytes, DateTimeOffset ModifiedAt);

/// <summary>A file system at one moment.</summary>
/// <param name="Id">Distinguishes it from other file systems while the process lives: st_dev if there is one.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">The free room for this user, without the room reserved for root.</param>
public readonly record struct FileSystemRoom(ulong Id, long TotalBytes, long FreeBytes);

/// <summary>The result of a write call.</summary>
/// <param name="Written">Bytes that were written, possibly fewer than given.</param>
/// <param name="Error">errno, 0 for none. A short write has none.</param>
public readonly record struct WriteResult(long Written, int Error)
{
    public bool IsWhole(long length) => Error == 0 && Written == length;

    /// <summary>
    /// Returns the errno; 0 if everything was written. A short write has no errno, so it gets the one that the next write would
    /// have.
    /// </summary>
    public int ErrorFor(long offset, long length) =>
        Error != 0 || Written == length ? Error
        : WithSizeLimit(offset).Error is not 0 and var limit ? limit
        : Errno.NoSpace;

    /// <summary>
    /// Adds the error that a short write lacks. A write that begins below the size limit is cut there without an error; a write that
    /// begins at the limit gets EFBIG.
    /// </summary>
    public WriteResult WithSizeLimit(long offset) =>
        Error == 0 && offset + Written >= FileSizeLimit.Current ? this with { Error = Errno.FileTooLarge } : this;
}

/// <summary>The pieces of one gathered write. Any of them may be empty.</summary>
public readonly ref struct WritePieces(ReadOnlySpan<byte> head, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> tail)
{
    public ReadOnlySpan<byte> Head { get; } = head;

    public ReadOnlySpan<byte> First { get; } = first;

    public ReadOnlySpan<byte> Second { get; } = second;

    public ReadOnlySpan<byte> Tail { get; } = tail;

    public long Length => (long)Head.Length + First.Length + Second.Length + Tail.Length;
}
