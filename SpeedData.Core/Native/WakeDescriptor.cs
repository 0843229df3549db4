using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpeedData.Core.Native;

/// <summary>eventfd(2): lets a thread that polls a socket be woken without touching the socket. Linux only.</summary>
internal sealed unsafe partial class WakeDescriptor : IDisposable
{
    private const int CloseOnExec = 0x8_0000, NonBlocking = 0x800;

    private readonly SafeFileHandle _handle;

    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public WakeDescriptor()
    {
        Descriptor = Create(0, CloseOnExec | NonBlocking);
        if (Descriptor < 0)
            throw new IOException($"eventfd failed with error {Marshal.GetLastPInvokeError()}");
        _handle = new SafeFileHandle(Descriptor, ownsHandle: true);
    }

    public int Descriptor { get; }

    /// <summary>Any thread: a poll returns at once, until <see cref="Clear"/>.</summary>
    public void Ring()
    {
        long one = 1;
        _ = Write(_handle, &one, sizeof(long));
    }

    public void Clear()
    {
        long count;
        _ = Read(_handle, &count, sizeof(long));
    }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int Create(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle descriptor, void* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle descriptor, void* bytes, nuint count);
}
