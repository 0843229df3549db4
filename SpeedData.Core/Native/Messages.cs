using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>struct iovec (readv(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct msghdr (recvmsg(2)) of 64-bit Linux; the same on x64 and arm64, with glibc and musl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>struct mmsghdr (recvmmsg(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchedMessage
{
    public MessageHeader Header;

    /// <summary>The number of bytes transferred.</summary>
    public uint Length;
}

/// <summary>struct cmsghdr (cmsg(3)). Its data follows, aligned to 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    /// <summary>The size of header and data in bytes.</summary>
    public nuint Length;
    public int Level;
    public int Type;
}

/// <summary>struct sockaddr_in (ip(7)); port and address in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddressV4
{
    public ushort Family;
    public ushort Port;
    public uint Address;
    public ulong Zero;
}
