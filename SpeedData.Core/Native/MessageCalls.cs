using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>recvmmsg(2), sendmmsg(2) and what else a receive thread needs. Linux only. None of them throws.</summary>
/// <remarks>
/// errno is read after a failure only: SetLastError has it cleared before and read after every call, two more calls into
/// another library. 1.8 % of a quiet channel's samples lay in them; side by side the difference drowns in the noise.
/// </remarks>
internal static unsafe partial class MessageCalls
{
    public const int DontWait = 0x40, WaitForOne = 0x10000;

    public const int SolSocket = 1, SolUdp = 17;
    public const int UdpSegment = 103, UdpGro = 104;
    public const int SoTimestampNs = 35;
    public const int SoRxqOvfl = 40;
    public const int ShutReceive = 0;

    /// <returns>Messages received, or the negative errno.</returns>
    public static int Receive(int socket, BatchedMessage* messages, int count, int flags) =>
        Checked(ReceiveCall(socket, messages, (uint)count, flags, null));

    /// <returns>Messages sent, at least 1, or the negative errno; the error of a later message comes with the next call.</returns>
    public static int Send(int socket, BatchedMessage* messages, int count, int flags) =>
        Checked(SendCall(socket, messages, (uint)count, flags));

    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int Shutdown(int socket, int how);

    private static int Checked(int result) => result < 0 ? -Marshal.GetLastSystemError() : result;

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    private static partial int ReceiveCall(int socket, BatchedMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg")]
    private static partial int SendCall(int socket, BatchedMessage* messages, uint count, int flags);
}
