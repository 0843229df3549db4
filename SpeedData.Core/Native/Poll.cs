using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>struct pollfd (poll(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Answer;
}

/// <summary>ppoll(2): waits for descriptors, to the nanosecond where poll(2) knows milliseconds. Linux only.</summary>
internal static unsafe partial class Poll
{
    private const short Readable = 1;

    /// <summary>Waits until a socket has something to read or its reading side was shut down, the other descriptor was rung, or the time is over; may return early, for a signal.</summary>
    /// <param name="socket">What to read.</param>
    /// <param name="wake">Also ends the wait.</param>
    /// <param name="timeout">Longest wait; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="isAwoken">Whether the other descriptor was rung.</param>
    /// <returns>Whether a read of the socket would not wait.</returns>
    public static bool ForReading(int socket, int wake, TimeSpan timeout, out bool isAwoken)
    {
        PollDescriptor* polls = stackalloc PollDescriptor[2];
        polls[0] = new PollDescriptor { Descriptor = socket, Events = Readable };
        polls[1] = new PollDescriptor { Descriptor = wake, Events = Readable };
        TimeSpec time = TimeSpec.Of(timeout);
        int answers = Call(polls, 2, timeout == Timeout.InfiniteTimeSpan ? null : &time, null);
        isAwoken = answers > 0 && polls[1].Answer != 0;
        return answers > 0 && polls[0].Answer != 0;
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Call(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);
}
