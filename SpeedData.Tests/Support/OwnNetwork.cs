using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SpeedData.Tests.Support;

/// <summary>Runs an action in a new network namespace that has only a loopback and no route. Needs Linux and root.</summary>
internal static class OwnNetwork
{
    // linux/sched.h, bits/ioctls.h, net/if.h
    private const int CloneNewNet = 0x40000000;
    private const nuint SetFlags = 0x8914, SetAddress = 0x8916, SetMtu = 0x8922;
    private const short Up = 1, Multicast = 0x1000;
    private const int NameLength = 16, RequestLength = 40;

    public static void Run(Action action)
    {
        Exception? failure = null;
        // Uses a thread of its own: the network namespace belongs to the thread and ends with it.
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
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
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Replaces the loopback's address, which is 127.0.0.1 at first.</summary>
    public static void SetLoopbackAddress(IPAddress address)
    {
        byte[] request = Request();
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), (short)AddressFamily.InterNetwork);
        address.TryWriteBytes(request.AsSpan(NameLength + 4), out _);
        Control(SetAddress, request);
    }

    /// <summary>Limits the packet size of the loopback to that of a real network.</summary>
    public static void SetLoopbackMtu(int bytes)
    {
        byte[] request = Request();
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), bytes);
        Control(SetMtu, request);
    }

    /// <summary>Moves the calling thread into a new network namespace whose loopback is up.</summary>
    internal static void Enter()
    {
        if (!OperatingSystem.IsLinux() || unshare(CloneNewNet) != 0)
            Assert.Ignore("needs Linux and the right to make a network namespace");
        byte[] request = Request();
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), (short)(Up | Multicast));
        Control(SetFlags, request);
    }

    private static byte[] Request()
    {
        var request = new byte[RequestLength];
        "lo"u8.CopyTo(request);
        return request;
    }

    private static void Control(nuint operation, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        if (ioctl((int)socket.Handle, operation, request) != 0)
            throw new Win32Exception();
    }

#pragma warning disable SYSLIB1054, CA5392, IDE1006 // two calls of libc by their own names; the generator would want unsafe code
    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint operation, byte[] request);
#pragma warning restore SYSLIB1054, CA5392, IDE1006
}
