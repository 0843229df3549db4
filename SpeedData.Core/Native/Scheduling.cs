using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>sched_setaffinity(2) and sched_getaffinity(2) of the calling thread. Linux only.</summary>
internal static unsafe partial class Scheduling
{
    /// <summary>Bytes of a CPU mask: 1,024 CPUs, glibc's cpu_set_t.</summary>
    public const int MaskBytes = 128;

    /// <returns>0, or -1 with errno as the last system error.</returns>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int pid, nuint maskBytes, byte* mask);

    /// <inheritdoc cref="SetAffinity"/>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int pid, nuint maskBytes, byte* mask);
}
