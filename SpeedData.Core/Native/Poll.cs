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

/// <summary>ppoll(2): waits for one descriptor with nanosecond timeouts, where poll(2) has milliseconds. Linux only.</summary>
internal static unsafe partial class Poll
{
    private const short Readable = 1, Writable = 4;

    /// <summary>
    /// Waits until there is something to read, the reading side was shut down, or the timeout ends. A signal may end it early.
    /// </summary>
    /// <returns>Whether a read would not wait.</returns>
    public static bool ForReading(int descriptor, TimeSpan timeout) => For(descriptor, Readable, timeout);

    /// <summary>Waits until there is room to write, or the timeout ends. A signal may end it early.</summary>
    /// <returns>Whether a write would not wait.</returns>
    public static bool ForWriting(int descriptor, TimeSpan timeout) => For(descriptor, Writable, timeout);

    private static bool For(int descriptor, short events, TimeSpan timeout)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = events };
        TimeSpec time = TimeSpec.Of(timeout);
        return Call(&poll, 1, &time, null) > 0;
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Call(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);
}
