using System.Runtime.InteropServices;

namespace SpeedData.Core.Native;

/// <summary>
/// A routing netlink socket (netlink(7), rtnetlink(7)), which .NET cannot open. Linux only; errno is the last system error.
/// </summary>
internal static unsafe partial class NetlinkCalls
{
    private const int FamilyNetlink = 16, TypeRaw = 3, CloseOnExec = 0x8_0000, ProtocolRoute = 0;

    /// <summary>RTNLGRP_TC as a bit: reports every queueing discipline that is added, changed or removed.</summary>
    public const uint TrafficControlGroup = 1 << 3;

    /// <summary>RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV4_ROUTE: reports of interfaces, addresses and routes.</summary>
    public const uint NetworkGroups = 0x1 | 0x10 | 0x40;

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Address
    {
        public ushort Family;
        public ushort Pad;
        public uint Port;
        public uint Groups;
    }

    /// <returns>The socket, subscribed to the groups; -1 if it cannot be opened.</returns>
    public static int Open(uint groups)
    {
        int fd = Socket(FamilyNetlink, TypeRaw | CloseOnExec, ProtocolRoute);
        var address = new Address { Family = FamilyNetlink, Groups = groups };
        if (fd < 0 || Bind(fd, &address, (uint)sizeof(Address)) == 0)
            return fd;
        _ = Close(fd);
        return -1;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, Address* address, uint length);
}
