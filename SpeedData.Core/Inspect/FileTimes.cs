namespace SpeedData.Core.Inspect;

/// <summary>
/// Compares the times of a channel's files with each other and with the clock. Finds holes between files and a time field with the wrong
/// unit. One thread.
/// </summary>
internal sealed class FileTimes
{
    private const long SecondNs = 1_000_000_000, DayNs = 86_400 * SecondNs, Intervals = 10;

    private static readonly (string Name, long Ns)[] Units = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", SecondNs)];

    private long? _lastNs;
    private long? _nextOrdinal;

    /// <param name="report">The report of the next file, after the file was read completely.</param>
    public void Follow(FileReport report)
    {
        bool isReceived = report.ReceivedFirstNs is not null;
        (long? first, long? last) = isReceived ? (report.ReceivedFirstNs, report.ReceivedLastNs) : (report.DeviceFirstNs, report.DeviceLastNs);
        if (_lastNs is { } before && first is { } now)
            LookForHole(report, before, now, last ?? now);
        LookAtUnit(report);
        _lastNs = last ?? _lastNs;
        _nextOrdinal = report.FirstOrdinal + report.Records;
    }

    private void LookForHole(FileReport report, long before, long now, long last)
    {
        bool isRestart = report.FirstOrdinal is { } ordinal && ordinal < _nextOrdinal;
        long interval = report.Records > 1 && last > now ? (last - now) / (report.Records - 1) : 0;
        long usual = Math.Max(isRestart ? 0 : SecondNs, Math.Min(interval, DayNs) * Intervals);
        if (now - before <= usual)
            return;
        string why = isRestart ? "; the recorder was restarted, and datagrams sent in between are unknown" : "";
        report.Warnings.Add(FindingKind.TimeHole, null, null, $"nothing was recorded for {(now - before) / 1e9:0.###} s before this file{why}");
    }

    private static void LookAtUnit(FileReport report)
    {
        if (report is not { DeviceFirstNs: { } device, ReceivedFirstNs: { } received } || Int128.Abs((Int128)device - received) < DayNs)
            return;
        string hint = "; either the device's clock or Time:Unit is wrong";
        foreach ((string name, long ns) in Units)
        {
            Int128 meant = (Int128)device / report.TimeUnitNs * ns;
            if (ns != report.TimeUnitNs && Int128.Abs(meant - received) < DayNs)
                hint = $"; the unit {name} would fit: set Time:Unit to {name}, or correct the schema's logicalType";
        }

        report.Warnings.Add(FindingKind.TimeUnit, null, null, $"the time field reads {Text(device)}, but the record was received at {Text(received)}{hint}");
    }

    private static string Text(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
