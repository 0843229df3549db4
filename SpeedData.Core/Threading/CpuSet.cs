using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>The CPUs that a thread may use: the container's cpuset, taskset's set or the whole machine.</summary>
public static unsafe class CpuSet
{
    /// <summary>Whether the calling thread may run on this CPU. Always false if the system is not Linux.</summary>
    public static bool Allows(int cpu)
    {
        if (!OperatingSystem.IsLinux() || cpu < 0 || cpu >= Scheduling.MaskBytes * 8)
            return false;
        byte* mask = stackalloc byte[Scheduling.MaskBytes];
        new Span<byte>(mask, Scheduling.MaskBytes).Clear();
        return Scheduling.GetAffinity(0, Scheduling.MaskBytes, mask) >= 0 && (mask[cpu / 8] & (1 << (cpu % 8))) != 0;
    }

    /// <summary>Pins the calling thread to a CPU.</summary>
    /// <returns>False if the CPU is not in the thread's set. The thread then stays unpinned.</returns>
    internal static bool TryPin(int cpu)
    {
        if (!Allows(cpu))
            return false;
        byte* mask = stackalloc byte[Scheduling.MaskBytes];
        new Span<byte>(mask, Scheduling.MaskBytes).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return Scheduling.SetAffinity(0, Scheduling.MaskBytes, mask) == 0;
    }
}
