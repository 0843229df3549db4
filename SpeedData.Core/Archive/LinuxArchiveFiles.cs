using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// File operations by Linux system calls: one gathered write per block, renames that never replace a file, durable names.
/// </summary>
public sealed unsafe class LinuxArchiveFiles : PortableArchiveFiles
{
    private const uint FileMode = 0b110_100_100, FolderMode = 0b111_101_101;

    // A smaller write ends inside a page. The next write would then have to read that page back.
    private const int LargeWrite = 64 << 10;

    private const long PageMask = ~4095L;

    private const uint MaskOfInode = 0x100;

    private volatile bool _canSkipCache = true;

    public override int CreateFolder(string folder)
    {
        if (Checked(FileCalls.MakeDirectory(folder, FolderMode)) is var error && error is 0 or not Errno.NoEntry)
            return error == 0 ? SyncFolder(ParentOf(folder)) : Harmless(error, folder);
        int above = CreateFolder(ParentOf(folder));
        if (above != 0)
            return above;
        error = Checked(FileCalls.MakeDirectory(folder, FolderMode));
        return error == 0 ? SyncFolder(ParentOf(folder)) : Harmless(error, folder);
    }

    public override int Create(string path, out SafeFileHandle? file)
    {
        int fd = FileCalls.Open(path, FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive | FileCalls.CloseOnExec, FileMode);
        file = fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        return Checked(fd);
    }

    /// <remarks>
    /// .NET cannot do this: it takes a shared flock(2) on every file it opens, so it fails if another process has locked the file.
    /// </remarks>
    public override int OpenToRead(string path, out SafeFileHandle? file)
    {
        int fd = FileCalls.Open(path, FileCalls.CloseOnExec, 0);
        file = fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        return Checked(fd);
    }

    public override int Lock(string path, out LockedFile? file)
    {
        file = null;
        int fd = FileCalls.Open(path, FileCalls.ReadWrite | FileCalls.Create | FileCalls.CloseOnExec, FileMode);
        if (fd < 0)
            return Checked(fd);
        var opened = new SafeFileHandle(fd, ownsHandle: true);
        int error = Checked(FileCalls.Lock(opened, FileCalls.LockExclusive | FileCalls.LockWithoutWaiting));
        // A file system without locks cannot keep others out. Its users must not share a folder.
        if (error is 0 or Errno.NotImplemented or Errno.NotSupported or Errno.NoLocks)
        {
            file = new LockedFile(opened);
            return 0;
        }

        opened.Dispose();
        return error;
    }

    public override WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        fixed (byte* head = pieces.Head, first = pieces.First, second = pieces.Second, tail = pieces.Tail)
        {
            IoVector* vectors = stackalloc IoVector[4];
            vectors[0] = new() { Base = head, Length = (nuint)pieces.Head.Length };
            vectors[1] = new() { Base = first, Length = (nuint)pieces.First.Length };
            vectors[2] = new() { Base = second, Length = (nuint)pieces.Second.Length };
            vectors[3] = new() { Base = tail, Length = (nuint)pieces.Tail.Length };
            while (true)
            {
                int flags = _canSkipCache && pieces.Length >= LargeWrite ? FileCalls.DoNotCache : 0;
                nint written = FileCalls.WriteGathered(file, vectors, 4, offset, flags);
                if (written >= 0)
                    return new WriteResult(written, 0);
                int error = Marshal.GetLastPInvokeError();
                // The kernel is older, or it is tmpfs, which has no other place for its pages.
                if (flags != 0 && error is Errno.NotSupported or Errno.InvalidArgument)
                {
                    _canSkipCache = false;
                    continue;
                }

                // Interrupted before anything was written (network file systems): try again.
                if (error != Errno.Interrupted)
                    return new WriteResult(0, error);
            }
        }
    }

    public override int Truncate(SafeFileHandle file, long length) => Checked(FileCalls.Truncate(file, length));

    public override int Sync(SafeFileHandle file)
    {
        int error = Checked(FileCalls.SyncData(file));
        // Pages that are on the disk leave the cache. So a long recording evicts no other program's pages and reuses its own, which
        // costs far less than fresh ones. The last page stays, because the next write completes it.
        long whole = error == 0 ? RandomAccess.GetLength(file) & PageMask : 0;
        if (whole > 0)
            FileCalls.Advise(file, 0, whole, FileCalls.NotNeeded);
        return error;
    }

    public override bool IsAt(string path, SafeFileHandle file)
    {
        try
        {
            return FileCalls.Stat(FileCalls.CurrentDirectory, path, 0, MaskOfInode, out FileCalls.StatX there) == 0
                && FileCalls.Stat(file, "", FileCalls.EmptyPath, MaskOfInode, out FileCalls.StatX here) == 0
                && (there.Inode, there.DeviceMajor, there.DeviceMinor) == (here.Inode, here.DeviceMajor, here.DeviceMinor);
        }
        catch (EntryPointNotFoundException)
        {
            // The libc is older than this call.
            return base.IsAt(path, file);
        }
    }

    public override int Exists(string path) => Checked(FileCalls.Access(path, 0));

    public override int Rename(string from, string to)
    {
        int error;
        try
        {
            error = Checked(FileCalls.Rename(FileCalls.CurrentDirectory, from, FileCalls.CurrentDirectory, to, FileCalls.RenameNoReplace));
        }
        catch (EntryPointNotFoundException)
        {
            // The libc is older than this call.
            error = Errno.NotImplemented;
        }
        // Some file systems do not know the flag (NFS, some FUSE): they get link and unlink instead.
        return error is Errno.NotImplemented or Errno.InvalidArgument ? base.Rename(from, to) : error;
    }

    public override int Delete(string path) => Checked(FileCalls.Unlink(path));

    public override int DeleteFolder(string folder) => Checked(FileCalls.RemoveDirectory(folder));

    public override int Link(string from, string to) => Checked(FileCalls.Link(from, to));

    public override int SyncFolder(string folder)
    {
        // O_DIRECTORY is left out: its value differs between architectures, and fsync of anything else here would do no harm.
        int fd = FileCalls.Open(folder, FileCalls.CloseOnExec, 0);
        if (fd < 0)
            return Checked(fd);
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        int error = Checked(FileCalls.Sync(handle));
        // A file system that cannot sync folders returns EINVAL (fsync(2)). That is not a fault.
        return error == Errno.InvalidArgument ? 0 : error;
    }

    public override int Room(string folder, out FileSystemRoom room)
    {
        room = default;
        if (Checked(FileCalls.Stat(FileCalls.CurrentDirectory, folder, 0, 0, out FileCalls.StatX stat)) is not 0 and var unknown)
            return unknown;
        if (Checked(FileCalls.StatFileSystem(folder, out FileCalls.StatVfs space)) is not 0 and var unseen)
            return unseen;
        ulong id = ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor;
        room = new FileSystemRoom(id, Bytes(space.Blocks, space.FragmentSize), Bytes(space.BlocksAvailable, space.FragmentSize));
        return 0;
    }

    /// <summary>
    /// Limits the size to a long: file systems without a size of their own (some FUSE, some network ones) report a larger one.
    /// </summary>
    private static long Bytes(ulong blocks, ulong size) => (long)UInt128.Min((UInt128)blocks * size, (UInt128)long.MaxValue);

    private static int Checked(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static int Harmless(int error, string folder) => error == Errno.Exists && Directory.Exists(folder) ? 0 : error;

    private static string ParentOf(string folder) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } parent ? parent : ".";
}
