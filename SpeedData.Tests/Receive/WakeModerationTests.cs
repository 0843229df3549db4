using System.Diagnostics;
using SpeedData.Core.Receive;

namespace SpeedData.Tests.Receive;

/// <summary>Simulates several channels: each wakes when its next datagram arrives, and rests for the computed time.</summary>
public sealed unsafe class WakeModerationTests
{
    [TestCase(1, 1_000)]
    [TestCase(1, 40_000)]
    [TestCase(1, 200_000)]
    [TestCase(20, 500)]
    [TestCase(1_000, 1)]
    public void Within_the_budget_no_channel_rests(int channels, int rate) => Assert.That(Simulate(channels, rate).Last().Pause, Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void Channels_beyond_the_budget_collect_enough_datagrams_per_wake_to_stay_within_it()
    {
        var last = Simulate(channels: 200, rate: 500)[^1];
        Assert.Multiple(() =>
        {
            Assert.That(last.Pause.TotalMilliseconds, Is.InRange(18, 20));
            Assert.That(last.Found, Is.InRange(9, 11));
        });
    }

    [Test]
    public void A_channel_with_hardly_one_datagram_per_longest_rest_does_not_rest()
    {
        var demand = new WakeDemand(1);
        var slow = new WakeModeration(demand);
        long now = Stopwatch.GetTimestamp();
        TimeSpan rest = TimeSpan.MaxValue;
        for (int i = 0; i < 100; i++)
        {
            demand.Add(5_000);
            rest = slow.After([At(i * 20_000_000L)], now += Stopwatch.Frequency / 50);
        }

        Assert.That(rest, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void The_rest_ends_with_the_demand()
    {
        var demand = new WakeDemand(1);
        var moderation = new WakeModeration(demand);
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < 200; i++)
        {
            demand.Add(200);
            moderation.After([At(i * 2_000_000L)], now += Stopwatch.Frequency / 500);
        }

        TimeSpan during = moderation.After([At(0)], now);
        for (int i = 0; i < 100; i++)
            moderation.After([At(i * 2_000_000L)], now += Stopwatch.Frequency / 500);
        Assert.Multiple(() =>
        {
            Assert.That(during, Is.GreaterThan(TimeSpan.FromMilliseconds(5)));
            Assert.That(moderation.After([At(0)], now), Is.EqualTo(TimeSpan.Zero));
        });
    }

    private static Burst At(long timeNs) => new(null, 1, 1, timeNs, 0, 0);

    /// <summary>Simulates one second on two CPUs.</summary>
    private static List<(TimeSpan Pause, int Found)> Simulate(int channels, int rate)
    {
        var demand = new WakeDemand(2);
        var fleet = Enumerable.Range(0, channels).Select(_ => new WakeModeration(demand)).ToArray();
        var next = Enumerable.Range(0, channels).Select(c => (Wake: 1_000_000_000L / rate * c / channels, Unread: 1_000_000_000L / rate * c / channels)).ToArray();
        var queue = new PriorityQueue<int, long>(Enumerable.Range(0, channels).Select(c => (c, next[c].Wake)));
        long begin = Stopwatch.GetTimestamp(), gap = 1_000_000_000L / rate;
        var log = new List<(TimeSpan, int)>();
        while (queue.TryDequeue(out int c, out long at) && at < 1_000_000_000)
        {
            var batch = new List<Burst>();
            for (; next[c].Unread <= at && batch.Count < 32; next[c].Unread += gap)
                batch.Add(At(next[c].Unread));
            TimeSpan rest = fleet[c].After(batch.ToArray(), begin + (at * (Stopwatch.Frequency / 1_000_000) / 1000));
            log.Add((rest, batch.Count));
            queue.Enqueue(c, Math.Max(at + (long)(rest.TotalSeconds * 1e9), next[c].Unread));
        }

        return log;
    }
}
