namespace SpeedData.Bench.EndToEnd;

/// <summary>The traffic to send through one channel.</summary>
/// <param name="Name">The scenario's name on the command line.</param>
/// <param name="Bytes">Bytes of a datagram.</param>
/// <param name="Rate">Datagrams per second.</param>
/// <param name="PerMessage">Number of datagrams that the sender passes to the kernel together (UDP_SEGMENT).</param>
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

/// <summary>The measurements of one run of a scenario.</summary>
/// <param name="Sent">Number of datagrams sent.</param>
/// <param name="Lost">Number of sent datagrams that the full-rate receiver did not get.</param>
/// <param name="AchievedRate">Datagrams per second that the sender reached.</param>
/// <param name="CpuMicroseconds">CPU time of the channel's threads per datagram; null if the platform does not report it.</param>
/// <param name="MedianMicroseconds">Median latency from the sender's clock to the receiver's.</param>
/// <param name="P99Microseconds">99th percentile of the latency.</param>
/// <param name="LedgerHolds">Whether every datagram is accounted for.</param>
internal sealed record Measurement(long Sent, long Lost, double AchievedRate, double? CpuMicroseconds, double MedianMicroseconds, double P99Microseconds, bool LedgerHolds);
