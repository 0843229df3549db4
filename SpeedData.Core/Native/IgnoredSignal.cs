using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>
/// signal(2) with SIG_IGN. .NET handles signals on a thread of its own, which may be too late if a signal ends the process.
/// </summary>
public static partial class IgnoredSignal
{
    private const nint Ignore = 1;

    /// <summary>SIGXFSZ (asm-generic/signal.h): a file reached the size limit. The write then returns EFBIG.</summary>
    private const int FileSize = 25;

    /// <summary>Makes a write beyond the file size limit fail instead of ending the process. Linux only; does nothing elsewhere.</summary>
    public static void OfFileSize()
    {
        if (OperatingSystem.IsLinux())
            _ = Set(FileSize, Ignore);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Set(int signal, nint handler);
}
