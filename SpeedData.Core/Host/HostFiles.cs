using System.Globalization;

namespace SpeedData.Core.Host;

/// <summary>What Linux says of this host and process in /proc and /sys. A file that cannot be read says nothing.</summary>
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

    /// <summary>A folder and those above it, up to the root: where a folder will be is where the nearest of them is.</summary>
    public static IEnumerable<string> Upwards(string folder)
    {
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            yield return at;
    }

    /// <returns>The folder itself, or the nearest above it that exists.</returns>
    public static string? NearestFolder(string folder) => Upwards(folder).FirstOrDefault(Directory.Exists);

    /// <summary>The cgroups that limit this process: from its own up to the root, of both versions (cgroups(7)).</summary>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    /// <param name="controller">What they limit, such as <c>memory</c>.</param>
    public static IEnumerable<(string Folder, bool IsVersion2)> Cgroups(string root, string controller)
    {
        string mount = Path.Combine(root, "sys/fs/cgroup");
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // "hierarchy:controllers:path"; version 2 is hierarchy 0 and names no controller.
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
