using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>futex(2), for which glibc has no function. Linux on the architectures of <see cref="Platform"/>.</summary>
internal static unsafe partial class Futex
{
    private const int WaitPrivate = 0 | 128, WakePrivate = 1 | 128;

    private static readonly long Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        var other => throw new PlatformNotSupportedException($"the number of the futex system call is not known for {other}"),
    };

    /// <summary>
    /// Sleeps while the word is <paramref name="expected"/>, until another thread wakes it or the timeout ends. May return early.
    /// </summary>
    /// <param name="word">A word in native memory, because a futex must not move.</param>
    /// <param name="expected">The value that the word must have for the caller to sleep.</param>
    /// <param name="timeout">The longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    public static void Wait(int* word, int expected, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            Call(Number, word, WaitPrivate, expected, null);
            return;
        }

        TimeSpec time = TimeSpec.Of(timeout);
        Call(Number, word, WaitPrivate, expected, &time);
    }

    /// <summary>Wakes one sleeper, if there is one.</summary>
    public static void WakeOne(int* word) => Call(Number, word, WakePrivate, 1, null);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, int* word, int operation, int value, TimeSpec* timeout);
}
