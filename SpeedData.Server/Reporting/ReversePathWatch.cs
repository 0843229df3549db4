namespace SpeedData.Server.Reporting;

/// <summary>Finds packets that the kernel's reverse path filter dropped. Nothing else shows why such a channel is silent.</summary>
/// <param name="read">Reads the kernel's count.</param>
/// <param name="time">The clock.</param>
internal sealed class ReversePathWatch(Func<long?> read, TimeProvider time)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMinutes(1);

    private long _reported = read() ?? 0;
    private long? _reportedAt;

    /// <returns>A line to report, at most once a minute; null for none.</returns>
    public string? Look()
    {
        if (read() is not { } now || now <= _reported || (_reportedAt is { } at && time.GetElapsedTime(at) < BetweenReports))
            return null;
        long more = now - _reported;
        _reported = now;
        _reportedAt = time.GetTimestamp();
        return $"The kernel dropped {more:N0} packets on this host because the route to their source uses another interface than they arrived on (rp_filter). If a channel is silent: add a route to the sender through that interface, or run sysctl -w net.ipv4.conf.INTERFACE.rp_filter=2";
    }
}
