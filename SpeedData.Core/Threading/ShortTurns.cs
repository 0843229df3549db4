using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>
/// Short turns on the processor. When a thread that has them wakes, Linux 6.12 and later takes the processor from a thread with
/// longer turns at once, instead of after its turn. It needs no privilege. Elsewhere nothing changes.
/// </summary>
public static class ShortTurns
{
    /// <summary>The shortest that Linux allows; by default a turn takes some milliseconds.</summary>
    private const ulong SliceNs = 100_000;

    /// <summary>The calling thread has them from now on.</summary>
    public static void Begin()
    {
        if (OperatingSystem.IsLinux() && Platform.Lack is null)
            Scheduling.SetSlice(SliceNs);
    }
}
