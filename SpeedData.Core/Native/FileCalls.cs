using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Native;

/// <summary>
/// Linux system calls on files, as libc wraps them; see their man pages, section 2. On failure they return −1, and
/// <see cref="Marshal.GetLastPInvokeError"/> has the errno. 64-bit only: off_t is a long.
/// </summary>
internal static unsafe partial class FileCalls
{
    public const int WriteOnly = 0x1, ReadWrite = 0x2, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x8_0000;
    public const int CurrentDirectory = -100;
    public const uint RenameNoReplace = 1;

    /// <summary>RWF_DONTCACHE (Linux 6.14): the pages leave the cache once they are written back.</summary>
    public const int DoNotCache = 0x80;

    /// <summary>LOCK_EX, LOCK_NB and LOCK_UN of flock(2).</summary>
    public const int LockExclusive = 2, LockWithoutWaiting = 4, Unlock = 8;

    /// <summary>STATX_ATTR_IMMUTABLE and STATX_ATTR_APPEND.</summary>
    public const ulong IsImmutable = 0x10, IsAppendOnly = 0x20;

    /// <summary>POSIX_FADV_DONTNEED.</summary>
    public const int NotNeeded = 4;

    /// <summary>The fields of struct statx that are read. Its layout is the same on every architecture (linux/stat.h).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatX
    {
        /// <summary>The flags of the fields that were filled in.</summary>
        [FieldOffset(0)] public uint Mask;
        [FieldOffset(8)] public ulong Attributes;
        [FieldOffset(20)] public uint Uid;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
        [FieldOffset(144)] public ulong MountId;
    }

    /// <summary>The fields of struct statvfs (sys/statvfs.h) that are read; the same with glibc and musl on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    public struct StatVfs
    {
        /// <summary>The unit of the counts below, in bytes.</summary>
        [FieldOffset(8)] public ulong FragmentSize;

        /// <summary>Size of the file system in fragments.</summary>
        [FieldOffset(16)] public ulong Blocks;

        /// <summary>Free fragments without those reserved for root.</summary>
        [FieldOffset(32)] public ulong BlocksAvailable;
    }

    /// <summary>AT_EMPTY_PATH: the descriptor's own file instead of a path relative to it.</summary>
    public const int EmptyPath = 0x1000;

    // The C prototype is variadic. x64 and arm64 Linux pass variadic integer arguments like any others.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "pwritev2", SetLastError = true)]
    public static partial nint WriteGathered(SafeFileHandle file, IoVector* vectors, int count, long offset, int flags);

    /// <summary>Returns the error number instead of leaving it in errno.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int folder, string path, int flags, uint mask, out StatX stat);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(SafeFileHandle file, string path, int flags, uint mask, out StatX stat);
    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFileSystem(string path, out StatVfs stat);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUserId();
}
