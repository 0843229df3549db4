using System.Globalization;

namespace SpeedData.Core.Host;

/// <summary>Reads facts about this host and process from /proc and /sys. A file that cannot be read counts as missing.</summary>
public static class HostFiles
{
    public static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <returns>The number in the file's first line; null if there is none.</returns>
    public static long? Number(string file) =>
        Lines(file) is [var first, ..] && long.TryParse(first.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>
    /// Returns a folder and the folders above it, up to the root. A missing folder will be on the file system of the nearest
    /// existing one.
    /// </summary>
    public static IEnumerable<string> Upwards(string folder)
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            yield return at;
    }

    /// <returns>The folder itself, or the nearest existing folder above it.</returns>
    public static string? NearestFolder(string folder) => Upwards(folder).FirstOrDefault(Directory.Exists);

    /// <summary>Returns the cgroups that limit this process, from its own up to the root, of both versions (cgroups(7)).</summary>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    /// <param name="controller">The limited resource, such as <c>memory</c>.</param>
    public static IEnumerable<(string Folder, bool IsVersion2)> Cgroups(string root, string controller)
    {
        string mount = Path.Combine(root, "sys/fs/cgroup");
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // Format "hierarchy:controllers:path". Version 2 is hierarchy 0 and names no controller.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            bool isVersion2 = parts[0] == "0" && parts[1].Length == 0;
            if (!isVersion2 && !parts[1].Split(',').Contains(controller))
                continue;
            string top = isVersion2 ? mount : Path.Combine(mount, controller);
            for (string? at = parts[2].Trim('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at))
                yield return (Path.Combine(top, at), isVersion2);
        }
    }
}
