using System.Globalization;
using SpeedData.Core.Host;

namespace SpeedData.Core.Threading;

/// <summary>A thread cannot be started. The message is one line that names the limit and the fix.</summary>
public sealed class ThreadRoomException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Checks how many threads this process may still start. The runtime ends the process if it cannot start its own threads. So a reserve
/// is kept for them: a channel is refused before it takes the last threads.
/// </summary>
public static class ThreadRoom
{
    // For Kestrel, the thread pool, the garbage collector, and tools that somebody runs in the container.
    private const int Reserve = 24;

    /// <exception cref="ThreadRoomException">This many threads cannot be started.</exception>
    public static void Demand(int threads)
    {
        foreach ((long limit, long used, string name, string fix) in Limits("/"))
        {
            if (used + threads + Reserve > limit)
                throw new ThreadRoomException($"{threads} threads are needed, and {Reserve} are reserved for the process itself, but {name} is {limit} and {used} are in use: {fix}");
        }
    }

    /// <summary>Returns the limits of this process, and what counts against each.</summary>
    internal static IEnumerable<(long Limit, long Used, string Name, string Fix)> Limits(string root)
    {
        foreach ((string folder, _) in HostFiles.Cgroups(root, "pids"))
        {
            if (HostFiles.Number(Path.Combine(folder, "pids.max")) is { } most && HostFiles.Number(Path.Combine(folder, "pids.current")) is { } used)
                yield return (most, used, $"pids.max of {folder}", "raise it (Docker: --pids-limit, systemd: TasksMax=), or configure fewer channels");
        }

        // The limit does not apply to root. How many threads the user's other processes have is not known.
        if (Environment.UserName != "root" && UserLimit(root) is { } user && ThreadsOfProcess(root) is { } own)
            yield return (user, own, "the limit of processes (ulimit -u)", "raise it (systemd: LimitNPROC=), or configure fewer channels");
    }

    private static long? UserLimit(string root) =>
        HostFiles.Lines(Path.Combine(root, "proc/self/limits")).FirstOrDefault(l => l.StartsWith("Max processes", StringComparison.Ordinal)) is { } line
            && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var soft, ..]
            && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : null;

    private static long? ThreadsOfProcess(string root) =>
        HostFiles.Lines(Path.Combine(root, "proc/self/status")).FirstOrDefault(l => l.StartsWith("Threads:", StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan(8).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long threads)
            ? threads
            : null;
}
