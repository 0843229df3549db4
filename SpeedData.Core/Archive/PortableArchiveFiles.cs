using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>File operations with .NET alone. They cannot make a folder's file names durable.</summary>
public class PortableArchiveFiles : IArchiveFiles
{
    /// <summary>The best implementation for this platform.</summary>
    public static IArchiveFiles ForThisPlatform { get; } =
        OperatingSystem.IsLinux() && Environment.Is64BitProcess ? new LinuxArchiveFiles() : new PortableArchiveFiles();

    public int List(string folder, ICollection<ArchiveEntry> into) => Try(() =>
    {
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
            into.Add(new ArchiveEntry(file.Name, LengthOrZero(file), new DateTimeOffset(file.LastWriteTimeUtc)));
    });

    public virtual int CreateFolder(string folder) => Try(() => Directory.CreateDirectory(folder));

    public virtual int Create(string path, out SafeFileHandle? file)
    {
        SafeFileHandle? opened = null;
        int error = Try(() => opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        file = opened;
        return error;
    }

    public int Open(string path, out SafeFileHandle? file) => Open(path, FileAccess.ReadWrite, out file);

    public virtual int OpenToRead(string path, out SafeFileHandle? file) => Open(path, FileAccess.Read, out file);

    public virtual int Lock(string path, out LockedFile? file)
    {
        SafeFileHandle? opened = null;
        int error = Try(() => opened = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        file = opened is null ? null : new LockedFile(opened);
        return error;
    }

    public virtual bool IsRead(string path)
    {
        SafeFileHandle? alone = null;
        int error = Try(() => alone = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.None));
        alone?.Dispose();
        return error == Errno.Again;
    }

    public virtual WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        try
        {
            RandomAccess.Write(file, pieces.Head, offset);
            RandomAccess.Write(file, pieces.First, offset += pieces.Head.Length);
            RandomAccess.Write(file, pieces.Second, offset += pieces.First.Length);
            RandomAccess.Write(file, pieces.Tail, offset + pieces.Second.Length);
            return new WriteResult(pieces.Length, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new WriteResult(0, ErrnoOf(e));
        }
    }

    public virtual int Truncate(SafeFileHandle file, long length) => Try(() => RandomAccess.SetLength(file, length));

    public virtual int Sync(SafeFileHandle file) => Try(() => RandomAccess.FlushToDisk(file));

    public virtual bool IsAt(string path, SafeFileHandle file) => File.Exists(path);

    public virtual int Exists(string path) => File.Exists(path) ? 0 : Errno.NoEntry;

    public virtual int Link(string from, string to) => Errno.NotSupported;

    public virtual int Rename(string from, string to) => Try(() =>
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: false);
    });

    public int Replace(string from, string to) => Try(() => File.Move(from, to, overwrite: true));

    public virtual int Delete(string path) => Try(() => File.Delete(path));

    public virtual int DeleteFolder(string folder) => Try(() => Directory.Delete(folder));

    public virtual int SyncFolder(string folder) => 0;

    private static int Open(string path, FileAccess access, out SafeFileHandle? file)
    {
        SafeFileHandle? opened = null;
        int error = Try(() => opened = File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete));
        file = opened;
        return error;
    }

    public virtual int Room(string folder, out FileSystemRoom room)
    {
        FileSystemRoom found = default;
        int error = Directory.Exists(folder) ? Try(() => found = RoomOf(folder)) : Errno.NoEntry;
        room = found;
        return error;
    }

    private static int Try(Action operation)
    {
        try
        {
            operation();
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ErrnoOf(e);
        }
    }

    /// <summary>
    /// Returns the errno. On Unix .NET keeps it in HResult; elsewhere only the errors that are handled differently are mapped.
    /// </summary>
    private static int ErrnoOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NoEntry,
        UnauthorizedAccessException => Errno.AccessDenied,
        _ when e.HResult is > 0 and < 4096 => e.HResult,
        // HRESULT_FROM_WIN32 of ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL; ERROR_FILE_EXISTS and ERROR_ALREADY_EXISTS.
        _ when (e.HResult & 0xFFFF) is 112 or 39 => Errno.NoSpace,
        _ when (e.HResult & 0xFFFF) is 80 or 183 => Errno.Exists,
        _ => Errno.InputOutput,
    };

    private static FileSystemRoom RoomOf(string folder)
    {
        var there = new DriveInfo(folder);
        // .NET has no device numbers. The longest mount point that is a prefix of the path identifies the file system instead.
        string mount = DriveInfo.GetDrives().Select(drive => drive.Name).Where(name => folder.StartsWith(name, StringComparison.Ordinal)).MaxBy(name => name.Length) ?? "";
        return new FileSystemRoom((ulong)(uint)mount.GetHashCode(StringComparison.Ordinal), there.TotalSize, there.AvailableFreeSpace);
    }

    private static long LengthOrZero(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // The file was deleted after it was listed.
            return 0;
        }
    }
}
