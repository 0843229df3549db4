using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>nanosleep(2): finer than Thread.Sleep's milliseconds, and one call where that makes several. Linux only.</summary>
internal static unsafe partial class Sleep
{
    /// <summary>May return early, for a signal.</summary>
    public static void For(TimeSpan time)
    {
        TimeSpec request = TimeSpec.Of(time);
        _ = Call(&request, null);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Call(TimeSpec* request, TimeSpec* remaining);
}
