using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>futex(2), which glibc gives no function of its own. Linux on the architectures of <see cref="Platform"/>.</summary>
internal static unsafe partial class Futex
{
    private const int WaitPrivate = 0 | 128, WakePrivate = 1 | 128;

    private static readonly long Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        var other => throw new PlatformNotSupportedException($"the number of the futex system call is not known for {other}"),
    };

    /// <summary>Sleeps while the word is <paramref name="expected"/>, until woken or the time is over; may return early.</summary>
    /// <param name="word">Native memory: a moving object has no futex.</param>
    /// <param name="expected">What it must be for the caller to sleep.</param>
    /// <param name="timeout">Longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
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
