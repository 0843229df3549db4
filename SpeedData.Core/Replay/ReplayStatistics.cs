using System.Diagnostics;

namespace SpeedData.Core.Replay;

/// <summary>The replay result of a channel.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Records">Number of records read from the archive.</param>
/// <param name="Bytes">Number of bytes of these records.</param>
/// <param name="Sent">Number of datagrams sent at full rate.</param>
/// <param name="Decimated">Number of datagrams sent decimated.</param>
/// <param name="Errors">
/// Number of datagrams that the kernel refused, or for which it reported that nobody listens at the unicast address.
/// </param>
public sealed record ReplayedChannel(string Channel, long Records, long Bytes, long Sent, long Decimated, long Errors);

/// <summary>The result of a replay.</summary>
/// <param name="Channels">The result of each channel.</param>
/// <param name="Seconds">Duration, including pauses.</param>
/// <param name="LateP50Ms">Median delay of records behind their recorded time; null at speed max.</param>
/// <param name="LateP99Ms">99th percentile of the delay.</param>
/// <param name="LateMaxMs">Largest delay.</param>
/// <param name="Damaged">Number of blocks that could not be read.</param>
public sealed record ReplayResult(IReadOnlyList<ReplayedChannel> Channels, double Seconds, double? LateP50Ms, double? LateP99Ms, double? LateMaxMs, long Damaged);

/// <summary>Counts the delays of records in steps of 10 µs. One thread.</summary>
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

    /// <summary>Returns the delay in ms that a share of the records does not exceed.</summary>
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
