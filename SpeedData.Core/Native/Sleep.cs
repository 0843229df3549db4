using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>
/// nanosleep(2): finer than the milliseconds of Thread.Sleep, and one call instead of several. Elsewhere it uses Thread.Sleep.
/// </summary>
internal static unsafe partial class Sleep
{
    /// <summary>Sleeps for this time. A signal may end it early.</summary>
    public static void For(TimeSpan time)
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.Sleep(time);
            return;
        }

        TimeSpec request = TimeSpec.Of(time);
        _ = Call(&request, null);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Call(TimeSpec* request, TimeSpec* remaining);
}

/// <summary>struct timespec of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;

    public static TimeSpec Of(TimeSpan time) => new() { Seconds = (long)time.TotalSeconds, Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * 100 };
}
