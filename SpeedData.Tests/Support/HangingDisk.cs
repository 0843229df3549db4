using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpeedData.Tests.Support;

/// <summary>
/// A disk that does not answer: a FUSE file system whose server never reads a request. Only the calling thread and the processes
/// it starts see it. Needs Linux, root and /dev/fuse.
/// </summary>
internal static class HangingDisk
{
    // linux/sched.h, sys/mount.h, asm-generic/fcntl.h
    private const int CloneNewNs = 0x20000, ReadWrite = 2;
    private const nuint Private = 1 << 18, Recursive = 1 << 14;

    /// <summary>Runs an action while the folder hangs.</summary>
    public static void Run(string folder, Action action)
    {
        Exception? failure = null;
        // Uses a thread of its own: the mounts belong to the thread and end with it.
        var thread = new Thread(() =>
        {
            try
            {
                // Closing it gives an error to everyone who waits.
                using SafeFileHandle requests = Mount(folder);
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static SafeFileHandle Mount(string folder)
    {
        if (!OperatingSystem.IsLinux() || unshare(CloneNewNs) != 0 || mount("none", "/", null, Private | Recursive, null) != 0)
            Assert.Ignore("needs Linux and the right to make a mount namespace");
        int descriptor = open("/dev/fuse", ReadWrite);
        if (descriptor < 0 || mount("hanging", folder, "fuse", 0, $"fd={descriptor},rootmode=40000,user_id=0,group_id=0") != 0)
            Assert.Ignore("needs FUSE");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

#pragma warning disable SYSLIB1054, CA5392, IDE1006, CA2101 // three calls of libc by their own names; the generator would want unsafe code
    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int mount([MarshalAs(UnmanagedType.LPUTF8Str)] string source, [MarshalAs(UnmanagedType.LPUTF8Str)] string target, [MarshalAs(UnmanagedType.LPUTF8Str)] string? type, nuint flags, [MarshalAs(UnmanagedType.LPUTF8Str)] string? data);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
#pragma warning restore SYSLIB1054, CA5392, IDE1006, CA2101
}
