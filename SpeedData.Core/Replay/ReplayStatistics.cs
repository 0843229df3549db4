using System.Diagnostics;

namespace SpeedData.Core.Replay;

/// <summary>What a replay did to a channel.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Records">Records that were taken from the archive.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Sent">Datagrams sent at full rate.</param>
/// <param name="Decimated">Datagrams sent decimated.</param>
/// <param name="Errors">Datagrams the kernel did not take, or that nobody received at a unicast address of which the kernel tells.</param>
public sealed record ReplayedChannel(string Channel, long Records, long Bytes, long Sent, long Decimated, long Errors);

/// <summary>What a replay did.</summary>
/// <param name="Channels">By channel.</param>
/// <param name="Seconds">How long it took, pauses included.</param>
/// <param name="LateP50Ms">How late records left behind their recorded time, the median; null at speed max.</param>
/// <param name="LateP99Ms">The same for all but a hundredth.</param>
/// <param name="LateMaxMs">The same for the latest.</param>
/// <param name="Damaged">Blocks that could not be read.</param>
public sealed record ReplayResult(IReadOnlyList<ReplayedChannel> Channels, double Seconds, double? LateP50Ms, double? LateP99Ms, double? LateMaxMs, long Damaged);

/// <summary>Counts how late records leave, in steps of 10 µs. One thread.</summary>
internal sealed class Lateness
{
    private const int Steps = 100_000;
    private const double StepsPerSecond = 100_000;

    private readonly long[] _counts = new long[Steps];
    private long _count;
    private long _latest;

    public void Add(long lateTicks)
    {
        _counts[Math.Clamp((int)Math.Min(int.MaxValue, lateTicks * StepsPerSecond / Stopwatch.Frequency), 0, Steps - 1)]++;
        _count++;
        _latest = Math.Max(_latest, lateTicks);
    }

    public double? LatestMs => _count == 0 ? null : _latest * 1000.0 / Stopwatch.Frequency;

    /// <summary>Milliseconds within which this share of the records left.</summary>
    public double? Ms(double share)
    {
        if (_count == 0)
            return null;
        long wanted = (long)Math.Ceiling(share * _count), seen = 0;
        int step = 0;
        while ((seen += _counts[step]) < wanted)
            step++;
        return Math.Min((step + 1) * 1000 / StepsPerSecond, LatestMs!.Value);
    }
}
