using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>sched_setaffinity(2), sched_getaffinity(2), setpriority(2), sched_setscheduler(2) and sched_setattr(2) of the calling thread. Linux only.</summary>
internal static unsafe partial class Scheduling
{
    /// <summary>The size of a CPU mask in bytes: 1,024 CPUs, glibc's cpu_set_t.</summary>
    public const int MaskBytes = 128;

    /// <summary>SCHED_IDLE: any other thread that wakes takes the processor at once.</summary>
    public const int Idle = 5;

    private static readonly long SetAttributesCall = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274;

    private static readonly long GetAttributesCall = SetAttributesCall + 1;

    /// <returns>0, or -1 with errno as the last system error.</returns>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int pid, nuint maskBytes, byte* mask);

    /// <inheritdoc cref="SetAffinity"/>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int pid, nuint maskBytes, byte* mask);

    /// <param name="which">0 for a thread.</param>
    /// <param name="who">0 for the calling thread.</param>
    /// <param name="nice">The nice value, -20 to 19.</param>
    /// <returns>0, or -1 with errno as the last system error.</returns>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int who, int nice);

    /// <param name="pid">0 for the calling thread.</param>
    /// <param name="policy">A policy without real-time priorities.</param>
    /// <param name="priority">struct sched_param; 0.</param>
    /// <returns>0, or -1 with errno as the last system error.</returns>
    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetPolicy(int pid, int policy, in int priority);

    /// <summary>Sets the length of the calling thread's turns on a processor. Kernels before 6.12 ignore it.</summary>
    /// <param name="ns">The length in ns, 0.1 to 100 ms.</param>
    public static void SetSlice(ulong ns)
    {
        var attributes = new Attributes { Size = (uint)sizeof(Attributes) };
        if (Call(GetAttributesCall, 0, &attributes, sizeof(Attributes), 0) < 0)
            return;
        attributes.SliceNs = ns;
        Call(SetAttributesCall, 0, &attributes, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, long pid, Attributes* attributes, long sizeOrFlags, long flags);

    /// <summary>struct sched_attr in its first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size, Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong SliceNs, DeadlineNs, PeriodNs;
    }
}
