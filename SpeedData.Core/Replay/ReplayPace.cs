using System.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Replay;

/// <summary>Calculates when a recorded time is due. One thread.</summary>
/// <param name="speed">Recorded seconds per real second; null for as fast as possible.</param>
internal sealed class ReplayPace(double? speed)
{
    // The most that a sleep can be late. The rest of a wait spins on the clock.
    private static readonly long Spin = Stopwatch.Frequency / 5_000;
    private static readonly double TicksPerNs = Stopwatch.Frequency / 1e9;

    private long _zeroTicks;
    private long? _zeroNs;

    /// <summary>Starts a new timeline: the next requested time is due immediately.</summary>
    public void Restart() => _zeroNs = null;

    /// <summary>Returns when a time is due, in ticks of <see cref="Stopwatch"/>.</summary>
    public long DueTicks(long timeNs)
    {
        if (_zeroNs is null)
            (_zeroNs, _zeroTicks) = (timeNs, Stopwatch.GetTimestamp());
        return speed is { } factor ? _zeroTicks + (long)((timeNs - _zeroNs.Value) / factor * TicksPerNs) : _zeroTicks;
    }

    /// <summary>Delays all times, for example after a pause.</summary>
    public void Postpone(long ticks) => _zeroTicks += ticks;

    /// <summary>Waits until the time is due, but not much longer than <paramref name="longest"/>.</summary>
    /// <returns>Whether the time is due.</returns>
    public static bool WaitFor(long dueTicks, TimeSpan longest)
    {
        long left = dueTicks - Stopwatch.GetTimestamp();
        if (left <= 0)
            return true;
        if (left > Spin)
        {
            TimeSpan sleep = Stopwatch.GetElapsedTime(0, left - Spin);
            Sleep.For(sleep < longest ? sleep : longest);
            return Stopwatch.GetTimestamp() >= dueTicks;
        }

        while (Stopwatch.GetTimestamp() < dueTicks)
            Thread.SpinWait(20);
        return true;
    }
}
