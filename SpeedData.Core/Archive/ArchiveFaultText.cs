using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>Writes the message for a failed file operation: what failed, where, why, and the fix.</summary>
internal static class ArchiveFaultText
{
    private const uint MaskOfOwnerAndMode = 0xA;

    /// <param name="doing">The operation, as in "cannot {doing} {path}".</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="folder">The channel's folder.</param>
    /// <param name="errno">The error number, as Linux numbers it.</param>
    public static string Of(string doing, string path, string folder, int errno)
    {
        string what = $"cannot {doing} {path}: {Errno.Text(errno)}";
        return errno switch
        {
            Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnlyFileSystem => what + Access(path, folder, errno),
            Errno.NoSpace => what + ". Free room or inodes on the file system.",
            Errno.QuotaExceeded => what + ". Raise the disk quota of this user or project, or free room within it.",
            Errno.FileTooLarge => OfSizeLimit(path, FileSizeLimit.Current),
            Errno.NoMedium => $"{folder} waits for its disk: neither it nor a folder above it is a mount point, and Storage:RequireMount is true. Mount the disk, or set the key to false.",
            _ => what,
        };
    }

    /// <param name="path">The file.</param>
    /// <param name="limit">The process's own limit; null if the file system sets the limit.</param>
    public static string OfSizeLimit(string path, long? limit) => $"cannot write {path}: {Errno.Text(Errno.FileTooLarge)}. " + (limit is { } bytes
        ? $"This process may write no file beyond {bytes:N0} bytes (RLIMIT_FSIZE: ulimit -f, LimitFSIZE); raise the limit, or set Archive:RotateBytes lower."
        : "The file system holds no larger file; set Archive:RotateBytes lower.");

    public static string OfShortWrite(string path, long written) =>
        $"cannot write {path}: the file system accepted only {written} bytes of a block. Usually it is full.";

    public static string OfHeldFolder(string folder, string holder) =>
        $"cannot write in {folder}: it is held by {holder}. Two servers must not write one channel: stop the other, or give this one another Storage:AvroPath or the channel another Name.";

    private static string Access(string path, string folder, int errno)
    {
        string existing = HostFiles.NearestFolder(folder) ?? folder;
        if (!TryStat(existing, out FileCalls.StatX stat))
            return $". The process needs permission to write in {existing}.";
        uint uid = FileCalls.EffectiveUserId();
        string mode = Convert.ToString(stat.Mode & 0xFFF, 8).PadLeft(4, '0');
        ulong attributes = stat.Attributes | (TryStat(path, out FileCalls.StatX file) ? file.Attributes : 0);
        return $". This process runs as uid {uid}; {existing} belongs to uid {stat.Uid}, mode {mode}. Fix: {Remedy(existing, errno, stat, attributes, uid)}";
    }

    /// <summary>Returns the fix for this case. It never suggests a setting that is already in force.</summary>
    private static string Remedy(string folder, int errno, in FileCalls.StatX stat, ulong attributes, uint uid)
    {
        const int OwnerMayWrite = 0xC0; // u+wx
        bool ownerIsUs = stat.Uid == uid;
        return errno switch
        {
            Errno.ReadOnlyFileSystem => $"mount the file system of {folder} for writing.",
            _ when (attributes & FileCalls.IsImmutable) != 0 => $"chattr -R -i {folder} (its immutable attribute is set; mode and owner do not matter then).",
            _ when (attributes & FileCalls.IsAppendOnly) != 0 => $"chattr -R -a {folder} (its append-only attribute is set, so nothing in it can be renamed or deleted).",
            _ when (ownerIsUs || uid == 0) && (stat.Mode & OwnerMayWrite) == OwnerMayWrite => $"owner and mode of {folder} allow it, so a mount option, a folder above it or a security policy (AppArmor, SELinux, the unit's ProtectSystem) forbids it; allow it there.",
            _ when ownerIsUs => $"chmod u+rwx {folder}",
            _ => $"chown {uid} {folder}",
        };
    }

    private static bool TryStat(string path, out FileCalls.StatX stat)
    {
        stat = default;
        try
        {
            return OperatingSystem.IsLinux() && FileCalls.Stat(FileCalls.CurrentDirectory, path, 0, MaskOfOwnerAndMode, out stat) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // The libc is older than this call.
            return false;
        }
    }
}
