using System.Globalization;
using SpeedData.Core.Host;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>A mounted file system, as /proc/self/mountinfo lists it (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">Distinguishes it from every other current mount.</param>
/// <param name="Device">Its device number, <c>major:minor</c>.</param>
/// <param name="Path">The path of the mount point.</param>
/// <param name="Type">The kind of file system.</param>
/// <param name="Source">The mounted device, the server's folder, or a name without meaning.</param>
public sealed record MountPoint(long Id, string Device, string Path, string Type, string Source)
{
    private const uint MaskOfMountId = 0x1000;
    private const int FewestFields = 10;

    public bool IsRoot => Path == "/";

    public override string ToString() => $"{Source} ({Type}, device {Device}, mounted at {Path})";

    /// <summary>
    /// Returns the mount that a path is on, or would be on if it existed; null if it cannot be found. May take as long as the file
    /// system does.
    /// </summary>
    public static MountPoint? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            FileCalls.StatX stat = default;
            if (HostFiles.Upwards(path).FirstOrDefault(folder => FileCalls.Stat(FileCalls.CurrentDirectory, folder, 0, MaskOfMountId, out stat) == 0) is not { } at)
                return null;
            IEnumerable<MountPoint> all = File.ReadLines("/proc/self/mountinfo").Select(Parse).OfType<MountPoint>();
            return (stat.Mask & MaskOfMountId) != 0
                ? all.FirstOrDefault(mount => mount.Id == (long)stat.MountId)
                // Linux before 5.8 does not report the mount. If several are at one path, the last one is on top.
                : all.Where(mount => mount.Holds(at)).OrderBy(mount => mount.Path.Length).LastOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Parses one line; null if it does not describe a mount.</summary>
    internal static MountPoint? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int behindOptional = Array.IndexOf(fields, "-") + 1;
        return fields.Length >= FewestFields && behindOptional > 0 && behindOptional + 1 < fields.Length && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? new MountPoint(id, fields[2], Unescape(fields[4]), fields[behindOptional], Unescape(fields[behindOptional + 1]))
            : null;
    }

    private bool Holds(string path) => IsRoot || path == Path || path.StartsWith(Path + "/", StringComparison.Ordinal);

    /// <summary>Decodes blank, tab, newline and backslash from their octal form.</summary>
    private static string Unescape(string text) =>
        text.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal)
            .Replace(@"\012", "\n", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}
