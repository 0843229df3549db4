using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>The CPUs a thread may run on: the container's cpuset, taskset's or the whole machine.</summary>
public static unsafe class CpuSet
{
    /// <summary>Whether the calling thread may run on this CPU; false everywhere but on Linux.</summary>
    public static bool Allows(int cpu)
    {
        if (!OperatingSystem.IsLinux() || cpu < 0 || cpu >= Scheduling.MaskBytes * 8)
            return false;
        byte* mask = stackalloc byte[Scheduling.MaskBytes];
        new Span<byte>(mask, Scheduling.MaskBytes).Clear();
        return Scheduling.GetAffinity(0, Scheduling.MaskBytes, mask) >= 0 && (mask[cpu / 8] & (1 << (cpu % 8))) != 0;
    }

    /// <summary>Pins the calling thread.</summary>
    /// <returns>False, and the thread stays unpinned, if the CPU is not in its set.</returns>
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
