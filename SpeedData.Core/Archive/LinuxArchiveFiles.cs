using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>File operations by Linux system calls: one gathered write a block, renames that never replace, durable names.</summary>
public sealed unsafe class LinuxArchiveFiles : PortableArchiveFiles
{
    private const uint FileMode = 0b110_100_100, FolderMode = 0b111_101_101;

    public override int CreateFolder(string folder)
    {
        if (Checked(FileCalls.MakeDirectory(folder, FolderMode)) is var error && error is 0 or not FileErrno.NoEntry)
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

    public override WriteResult Write(SafeFileHandle file, long offset, in WritePieces pieces)
    {
        fixed (byte* head = pieces.Head, first = pieces.First, second = pieces.Second, tail = pieces.Tail)
        {
            FileCalls.IoVector* vectors = stackalloc FileCalls.IoVector[4];
            vectors[0] = new() { Base = head, Length = (nuint)pieces.Head.Length };
            vectors[1] = new() { Base = first, Length = (nuint)pieces.First.Length };
            vectors[2] = new() { Base = second, Length = (nuint)pieces.Second.Length };
            vectors[3] = new() { Base = tail, Length = (nuint)pieces.Tail.Length };
            while (true)
            {
                nint written = FileCalls.WriteGathered(file, vectors, 4, offset);
                if (written >= 0)
                    return new WriteResult(written, 0);
                int error = Marshal.GetLastPInvokeError();
                // Interrupted before anything was written (file systems over the network): nothing happened, again.
                if (error != FileErrno.Interrupted)
                    return new WriteResult(0, error);
            }
        }
    }

    public override int Truncate(SafeFileHandle file, long length) => Checked(FileCalls.Truncate(file, length));

    public override int Sync(SafeFileHandle file) => Checked(FileCalls.SyncData(file));

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
            // A libc older than the call.
            error = FileErrno.NotImplemented;
        }
        // Not every file system knows the flag (NFS, some FUSE): link and unlink then.
        return error is FileErrno.NotImplemented or FileErrno.InvalidArgument ? base.Rename(from, to) : error;
    }

    public override int Delete(string path) => Checked(FileCalls.Unlink(path));

    public override int SyncFolder(string folder)
    {
        // No O_DIRECTORY: its value differs between architectures, and whatever else lay here fsync would do no harm.
        int fd = FileCalls.Open(folder, FileCalls.CloseOnExec, 0);
        if (fd < 0)
            return Checked(fd);
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        int error = Checked(FileCalls.Sync(handle));
        // A file system that cannot sync folders says EINVAL (fsync(2)); that is how it is, not a fault.
        return error == FileErrno.InvalidArgument ? 0 : error;
    }

    private static int Checked(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static int Harmless(int error, string folder) => error == FileErrno.Exists && Directory.Exists(folder) ? 0 : error;

    private static string ParentOf(string folder) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } parent ? parent : ".";
}
