namespace SpeedData.Core.Sockets;

/// <summary>
/// What the kernel has counted of all UDP sockets of this network namespace, in /proc/net/snmp. A socket's own count of drops
/// does not tell the cause, and a short damaged datagram is in no socket's count.
/// </summary>
/// <param name="QueueFull">RcvbufErrors: a socket's queue was full.</param>
/// <param name="Damaged">InCsumErrors: the checksum was wrong.</param>
/// <param name="All">InErrors: every datagram that a socket has dropped, for whatever cause.</param>
public readonly record struct HostUdpErrors(long QueueFull, long Damaged, long All)
{
    /// <returns>Null where there is no such count.</returns>
    public static HostUdpErrors? Read() => Of(ProcCounters.Read("/proc/net/snmp", "Udp"));

    internal static HostUdpErrors? Of(ProcCounters? udp) =>
        udp?.Find("RcvbufErrors") is { } full && udp.Find("InCsumErrors") is { } damaged && udp.Find("InErrors") is { } all
            ? new HostUdpErrors(full, damaged, all) : null;
}

/// <summary>
/// How many packets the kernel has dropped in this network namespace because the route to their source uses another interface
/// than they came in by (rp_filter, RFC 3704). No socket learns of them.
/// </summary>
public static class ReversePathDrops
{
    /// <returns>Null where there is no such count.</returns>
    public static long? Read() => ProcCounters.Read("/proc/net/netstat", "TcpExt")?.Find("IPReversePathFilter");
}
