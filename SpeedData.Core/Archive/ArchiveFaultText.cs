using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>What a person is told about a file operation that failed: what, where, why, and what would mend it.</summary>
internal static class ArchiveFaultText
{
    private const uint MaskOfOwnerAndMode = 0xA;

    /// <param name="doing">As in "cannot {doing} {path}".</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="folder">The channel's folder.</param>
    /// <param name="errno">In Linux' numbering.</param>
    public static string Of(string doing, string path, string folder, int errno)
    {
        string what = $"cannot {doing} {path}: {Errno.Text(errno)}";
        return errno switch
        {
            Errno.AccessDenied or Errno.NotPermitted or Errno.ReadOnlyFileSystem => what + Access(folder, errno),
            Errno.NoSpace => what + ". Room on the file system would mend it.",
            _ => what,
        };
    }

    public static string OfShortWrite(string path, long written) =>
        $"cannot write {path}: the file system took only {written} bytes of a block. Most often it is full.";

    public static string OfHeldFolder(string folder, string holder) =>
        $"cannot write in {folder}: it is held by {holder}. Two servers must not write one channel: stop the other, or give this one another Storage:AvroPath or the channel another Name.";

    private static string Access(string folder, int errno)
    {
        string existing = NearestThatExists(folder);
        if (!TryStat(existing, out FileCalls.StatX stat))
            return $". The process needs the right to write in {existing}.";
        uint uid = FileCalls.EffectiveUserId();
        string mode = Convert.ToString(stat.Mode & 0xFFF, 8).PadLeft(4, '0');
        string who = $". This process runs as uid {uid}; {existing} belongs to uid {stat.Uid}, mode {mode}. To mend it: ";
        return who + Remedy(existing, errno, ownerIsUs: stat.Uid == uid, uid);
    }

    private static string Remedy(string folder, int errno, bool ownerIsUs, uint uid) => errno switch
    {
        Errno.ReadOnlyFileSystem => $"mount the file system of {folder} for writing.",
        _ when ownerIsUs => $"chmod u+rwx {folder}",
        _ => $"chown {uid} {folder}",
    };

    private static bool TryStat(string path, out FileCalls.StatX stat)
    {
        stat = default;
        try
        {
            return OperatingSystem.IsLinux() && FileCalls.Stat(FileCalls.CurrentDirectory, path, 0, MaskOfOwnerAndMode, out stat) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A libc older than the call.
            return false;
        }
    }

    private static string NearestThatExists(string folder)
    {
        string? at = Path.GetFullPath(folder);
        while (at is not null && !Directory.Exists(at))
            at = Path.GetDirectoryName(at);
        return at ?? Path.GetPathRoot(Path.GetFullPath(folder)) ?? folder;
    }
}
