using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>
/// Gives a thread short turns on the processor. When such a thread wakes, Linux 6.12 and later takes the processor at once from a
/// thread with longer turns, instead of waiting for the end of its turn. It needs no privilege. Elsewhere nothing changes.
/// </summary>
public static class ShortTurns
{
    /// <summary>The shortest turn that Linux allows. The default is some milliseconds.</summary>
    private const ulong SliceNs = 100_000;

    /// <summary>Gives the calling thread short turns from now on.</summary>
    public static void Begin()
    {
        if (OperatingSystem.IsLinux() && Platform.Lack is null)
            Scheduling.SetSlice(SliceNs);
    }
}
