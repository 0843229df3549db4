namespace SpeedData.Core.Sockets;

/// <summary>
/// The kernel's counts for all UDP sockets of this network namespace, from /proc/net/snmp. A socket's own count of drops does not show
/// the cause, and no socket counts a short damaged datagram.
/// </summary>
/// <param name="QueueFull">RcvbufErrors: a socket's queue was full.</param>
/// <param name="Damaged">InCsumErrors: the checksum was wrong.</param>
/// <param name="All">InErrors: every datagram that a socket has dropped, for any cause.</param>
public readonly record struct HostUdpErrors(long QueueFull, long Damaged, long All)
{
    /// <returns>Null if the kernel has no such counts.</returns>
    public static HostUdpErrors? Read() => Of(ProcCounters.Read("/proc/net/snmp", "Udp"));

    internal static HostUdpErrors? Of(ProcCounters? udp) =>
        udp?.Find("RcvbufErrors") is { } full && udp.Find("InCsumErrors") is { } damaged && udp.Find("InErrors") is { } all
            ? new HostUdpErrors(full, damaged, all) : null;
}

/// <summary>
/// The number of packets that the kernel has dropped in this network namespace because the route to their source uses another
/// interface than they arrived on (rp_filter, RFC 3704). No socket counts them.
/// </summary>
public static class ReversePathDrops
{
    /// <returns>Null if the kernel has no such count.</returns>
    public static long? Read() => ProcCounters.Read("/proc/net/netstat", "TcpExt")?.Find("IPReversePathFilter");
}
