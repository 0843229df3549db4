using SpeedData.Core.Native;

namespace SpeedData.Core.Container;

/// <summary>
/// Finds what kind of file a path is. If the platform does not report it, every file is a regular file, identified by its path.
/// </summary>
internal static class FileKind
{
    private const int TypeMask = 0xF000, Regular = 0x8000;

    /// <summary>STATX_TYPE and STATX_INO.</summary>
    private const uint Wanted = 0x1 | 0x100;

    /// <summary>Whether the path exists but is a device, a pipe or a socket, which has no length.</summary>
    public static bool IsSpecial(string path) => File.Exists(path) && Look(path) is { } stat && (stat.Mode & TypeMask) != Regular;

    /// <summary>Whether both paths lead to the same file.</summary>
    public static bool AreOne(string one, string two) => IdentityOf(one) is { } a && IdentityOf(two) is { } b
        ? a == b
        : Path.GetFullPath(one) == Path.GetFullPath(two);

    /// <summary>
    /// Returns an identity that is the same for all names of a file, and differs from other files; null if it is not known.
    /// </summary>
    public static (ulong Inode, uint DeviceMajor, uint DeviceMinor)? IdentityOf(string path) =>
        Look(path) is { } stat ? (stat.Inode, stat.DeviceMajor, stat.DeviceMinor) : null;

    private static FileCalls.StatX? Look(string path) =>
        OperatingSystem.IsLinux() && FileCalls.Stat(FileCalls.CurrentDirectory, path, 0, Wanted, out FileCalls.StatX stat) == 0 ? stat : null;
}
