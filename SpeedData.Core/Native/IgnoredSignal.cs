using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>signal(2) with SIG_IGN. .NET decides on a thread of its own what becomes of a signal, which may be too late when the process is about to end.</summary>
public static partial class IgnoredSignal
{
    private const nint Ignore = 1;

    /// <summary>SIGXFSZ (asm-generic/signal.h): a file met the limit on its size. The write then returns EFBIG.</summary>
    private const int FileSize = 25;

    /// <summary>A write beyond the limit on a file's size fails from now on, and no longer ends the process. Linux only; elsewhere nothing changes.</summary>
    public static void OfFileSize()
    {
        if (OperatingSystem.IsLinux())
            _ = Set(FileSize, Ignore);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Set(int signal, nint handler);
}
