using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>An open file that this process has locked. Disposing unlocks and closes it.</summary>
public sealed class LockedFile(SafeFileHandle handle) : IDisposable
{
    public SafeFileHandle Handle => handle;

    public void Dispose()
    {
        if (handle.IsClosed)
            return;
        // A process that is being started has a copy of every descriptor until it runs its program. Closing would leave the lock to it.
        if (OperatingSystem.IsLinux() && !handle.IsInvalid)
            _ = FileCalls.Lock(handle, FileCalls.Unlock);
        handle.Dispose();
    }
}
