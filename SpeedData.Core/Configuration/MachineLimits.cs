using System.Globalization;

namespace SpeedData.Core.Configuration;

/// <summary>How much this machine, or the container the process runs in, gives.</summary>
/// <param name="MemoryBytes">Memory the process may use.</param>
/// <param name="MemorySource">Who set that limit, in words for a message.</param>
/// <param name="ReceiveBufferBytes">Largest SO_RCVBUF the kernel grants.</param>
/// <param name="SendBufferBytes">Largest SO_SNDBUF the kernel grants.</param>
public sealed record MachineLimits(long MemoryBytes, string MemorySource, long ReceiveBufferBytes = long.MaxValue, long SendBufferBytes = long.MaxValue)
{
    // Bit of CAP_NET_ADMIN in linux/capability.h: with it SO_RCVBUFFORCE goes past the sysctl.
    private const int NetAdmin = 12;

    /// <summary>Reads /proc and /sys/fs/cgroup; where there are none, asks the runtime.</summary>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    public static MachineLimits Read(string root = "/")
    {
        (long memory, string source) = Memory(root);
        bool forced = HasNetAdmin(root);
        return new MachineLimits(memory, source, forced ? long.MaxValue : Sysctl(root, "rmem_max"), forced ? long.MaxValue : Sysctl(root, "wmem_max"));
    }

    private static (long Bytes, string Source) Memory(string root)
    {
        (long Bytes, string Source) least = MachineMemory(root) is long machine
            ? (machine, "of this machine's memory")
            : (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "of the memory the runtime sees");
        // The runtime's figure alone will not do: under a cgroup's limit it is the 75 % the heap may have of it.
        foreach (string file in CgroupFiles(root))
        {
            if (Number(file) is long limit && limit < least.Bytes)
                least = (limit, $"of the cgroup's limit, {file}");
        }

        return least;
    }

    /// <summary>The limits that hold for this process: each cgroup from its own up to the root, of both versions.</summary>
    private static IEnumerable<string> CgroupFiles(string root)
    {
        string mount = Path.Combine(root, "sys/fs/cgroup");
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // "hierarchy:controllers:path" (cgroups(7)); version 2 is hierarchy 0 and names no controller.
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            bool unified = parts[0] == "0" && parts[1].Length == 0;
            if (!unified && !parts[1].Split(',').Contains("memory"))
                continue;
            string top = unified ? mount : Path.Combine(mount, "memory");
            string file = unified ? "memory.max" : "memory.limit_in_bytes";
            for (string? at = parts[2].Trim('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at))
                yield return Path.Combine(top, at, file);
        }
    }

    private static long? MachineMemory(string root)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/meminfo")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["MemTotal:", var kib, "kB"] && long.TryParse(kib, NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
                return amount * 1024;
        }

        return null;
    }

    private static bool HasNetAdmin(string root)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/self/status")))
        {
            if (line.StartsWith("CapEff:", StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong effective))
                return (effective >> NetAdmin & 1) == 1;
        }

        return false;
    }

    private static long Sysctl(string root, string name) => Number(Path.Combine(root, "proc/sys/net/core", name)) ?? long.MaxValue;

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
