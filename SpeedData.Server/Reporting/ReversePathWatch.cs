namespace SpeedData.Server.Reporting;

/// <summary>Finds packets that the kernel dropped for their source. They reach no socket, so nothing else shows why a channel stays silent.</summary>
/// <param name="read">The kernel's count.</param>
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
        return $"The kernel dropped {more:N0} packets on this host because it would answer their source by another interface than they came in by (rp_filter). If a channel is silent: add a route to the sender by that interface, or sysctl -w net.ipv4.conf.INTERFACE.rp_filter=2";
    }
}
