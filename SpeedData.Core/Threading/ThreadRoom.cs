using System.Globalization;

namespace SpeedData.Core.Threading;

/// <summary>A thread cannot be made. The message is one line that names the limit and the fix.</summary>
public sealed class ThreadRoomException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// How many threads this process may still make. The runtime ends a process whose own threads cannot be made, so some room is
/// left for them: a channel is refused before it takes the last.
/// </summary>
public static class ThreadRoom
{
    // Kestrel, the thread pool, the garbage collector, tools that somebody runs in the container.
    private const int Reserve = 24;

    /// <exception cref="ThreadRoomException">So many cannot be made.</exception>
    public static void Demand(int threads)
    {
        foreach ((long limit, long used, string name, string fix) in Limits("/"))
        {
            if (used + threads + Reserve > limit)
                throw new ThreadRoomException($"{threads} threads are needed, and {Reserve} are reserved for the process itself, but {name} is {limit} and {used} are in use: {fix}");
        }
    }

    /// <summary>The limits that hold for this process, and what counts against each.</summary>
    internal static IEnumerable<(long Limit, long Used, string Name, string Fix)> Limits(string root)
    {
        foreach (string folder in CgroupFolders(root))
        {
            if (Number(Path.Combine(folder, "pids.max")) is { } most && Number(Path.Combine(folder, "pids.current")) is { } used)
                yield return (most, used, $"pids.max of {folder}", "raise it (Docker: --pids-limit, systemd: TasksMax=), or configure fewer channels");
        }

        // Root is not held to it, and what other processes of the user use is not known.
        if (Environment.UserName != "root" && UserLimit(root) is { } user && ThreadsOfProcess(root) is { } own)
            yield return (user, own, "the limit of processes (ulimit -u)", "raise it (systemd: LimitNPROC=), or configure fewer channels");
    }

    private static IEnumerable<string> CgroupFolders(string root)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // "hierarchy:controllers:path" (cgroups(7)).
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            bool isUnified = parts[0] == "0" && parts[1].Length == 0;
            if (!isUnified && !parts[1].Split(',').Contains("pids"))
                continue;
            string top = Path.Combine(root, "sys/fs/cgroup");
            if (!isUnified)
                top = Path.Combine(top, "pids");
            for (string? at = parts[2].Trim('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at))
                yield return Path.Combine(top, at);
        }
    }

    private static long? UserLimit(string root) =>
        Lines(Path.Combine(root, "proc/self/limits")).FirstOrDefault(l => l.StartsWith("Max processes", StringComparison.Ordinal)) is { } line
            && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var soft, ..]
            && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : null;

    private static long? ThreadsOfProcess(string root) =>
        Lines(Path.Combine(root, "proc/self/status")).FirstOrDefault(l => l.StartsWith("Threads:", StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan(8).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long threads)
            ? threads
            : null;

    private static long? Number(string file) =>
        Lines(file) is [var first, ..] && long.TryParse(first.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A limit that cannot be read is none that could be kept.
            return [];
        }
    }
}
