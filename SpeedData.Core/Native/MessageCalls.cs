using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>recvmmsg(2), sendmmsg(2) and what a receive thread needs beside them. Linux only. None of them throws; errno is the last system error.</summary>
internal static unsafe partial class MessageCalls
{
    public const int DontWait = 0x40, WaitForOne = 0x10000;

    public const int SolSocket = 1, SolUdp = 17;
    public const int UdpSegment = 103, UdpGro = 104;
    public const int SoTimestampNs = 35;
    public const int SoRxqOvfl = 40;
    public const int ShutReceive = 0;

    /// <returns>Messages received, or -1.</returns>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, BatchedMessage* messages, uint count, int flags, void* timeout);

    /// <returns>Messages sent, at least 1, or -1; the error of a later message comes with the next call.</returns>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, BatchedMessage* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);
}
