namespace SpeedData.Bench.EndToEnd;

/// <summary>A traffic to be put through one channel.</summary>
/// <param name="Name">How it is called on the command line.</param>
/// <param name="Bytes">Bytes of a datagram.</param>
/// <param name="Rate">Datagrams a second.</param>
/// <param name="PerMessage">Datagrams the sender hands to the kernel together (UDP_SEGMENT).</param>
/// <param name="Archive">Whether the archive is on.</param>
internal sealed record Scenario(string Name, int Bytes, int Rate, int PerMessage, bool Archive = true)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("calm256", 256, 1_000, 1),
        new("plain256", 256, 40_000, 1),
        new("plain1400", 1400, 40_000, 1),
        new("burst256", 256, 300_000, 60),
        new("burst1400", 1400, 150_000, 40),
        new("relay1400", 1400, 300_000, 40, Archive: false),
    ];
}

/// <summary>What one run of a scenario showed.</summary>
/// <param name="Sent">Datagrams sent.</param>
/// <param name="Lost">Of them, how many the full-rate receiver did not get.</param>
/// <param name="AchievedRate">Datagrams a second the sender managed.</param>
/// <param name="CpuMicroseconds">CPU of the channel's own threads per datagram; null where the platform does not tell.</param>
/// <param name="MedianMicroseconds">Latency from the sender's clock to the receiver's, median.</param>
/// <param name="P99Microseconds">The same, 99th percentile.</param>
/// <param name="LedgerHolds">Whether every datagram is accounted for.</param>
internal sealed record Measurement(long Sent, long Lost, double AchievedRate, double? CpuMicroseconds, double MedianMicroseconds, double P99Microseconds, bool LedgerHolds);
