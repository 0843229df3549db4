using System.Globalization;
using SpeedData.Core.Host;

namespace SpeedData.Core.Configuration;

/// <summary>The resources of this machine, or of the container that the process runs in.</summary>
/// <param name="MemoryBytes">The memory that the process may use.</param>
/// <param name="MemorySource">Where that limit comes from, in words for a message.</param>
/// <param name="ReceiveBufferBytes">The largest SO_RCVBUF that the kernel grants.</param>
/// <param name="SendBufferBytes">The largest SO_SNDBUF that the kernel grants.</param>
public sealed record MachineLimits(long MemoryBytes, string MemorySource, long ReceiveBufferBytes = long.MaxValue, long SendBufferBytes = long.MaxValue)
{
    // Bit of CAP_NET_ADMIN in linux/capability.h: with it SO_RCVBUFFORCE may exceed the sysctl.
    private const int NetAdmin = 12;

    /// <summary>Reads /proc and /sys/fs/cgroup. If they do not exist, asks the runtime.</summary>
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
        // The runtime's figure is not enough: under a cgroup's limit it is the 75 % that the heap may use.
        foreach ((string folder, bool isVersion2) in HostFiles.Cgroups(root, "memory"))
        {
            string file = Path.Combine(folder, isVersion2 ? "memory.max" : "memory.limit_in_bytes");
            if (HostFiles.Number(file) is long limit && limit < least.Bytes)
                least = (limit, $"of the cgroup's limit, {file}");
        }

        return least;
    }

    private static long? MachineMemory(string root)
    {
        foreach (string line in HostFiles.Lines(Path.Combine(root, "proc/meminfo")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["MemTotal:", var kib, "kB"] && long.TryParse(kib, NumberStyles.None, CultureInfo.InvariantCulture, out long amount))
                return amount * 1024;
        }

        return null;
    }

    private static bool HasNetAdmin(string root)
    {
        foreach (string line in HostFiles.Lines(Path.Combine(root, "proc/self/status")))
        {
            if (line.StartsWith("CapEff:", StringComparison.Ordinal)
                && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong effective))
                return (effective >> NetAdmin & 1) == 1;
        }

        return false;
    }

    private static long Sysctl(string root, string name) => HostFiles.Number(Path.Combine(root, "proc/sys/net/core", name)) ?? long.MaxValue;
}
