using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Server.Metrics;

/// <summary>Series of channels that are added and removed.</summary>
public sealed class ComingAndGoingTests
{
    // The test measures the memory of the process.
    [Test]
    [NonParallelizable]
    public async Task Series_end_with_their_channel_and_restart_from_0_and_none_overflows()
    {
        const int Names = 20_000, AtATime = 50;
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active("stays", 26000));
        long memory = 0;
        for (int first = 0; first < Names; first += AtATime)
        {
            Channel[] some = [.. Enumerable.Range(first, AtATime).Select(i => TestChannels.Active($"n{i:00000}", 30_000 + (i % 20_000)))];
            server.Host.Add(some);
            var with = new Scrape(await server.TextAsync("/metrics"));
            foreach (Channel gone in some)
                await server.Host.RemoveAsync(gone.Name);
            var without = new Scrape(await server.TextAsync("/metrics"));
            Assert.Multiple(() =>
            {
                Assert.That(with.SeriesOf("speeddata_received_datagrams_total").Count(), Is.EqualTo(AtATime + 1));
                Assert.That(without.SeriesOf("speeddata_received_datagrams_total"), Has.Exactly(1).Contains("stays"));
                Assert.That(with.Text + without.Text, Does.Not.Contain("otel_metric_overflow"));
            });
            if (first == 2_000)
                memory = GC.GetTotalMemory(forceFullCollection: true);
        }

        Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(memory + (20 << 20)));
    }

    [Test]
    public async Task A_channel_that_returns_counts_from_0()
    {
        TestChannel before = TestChannels.Active("returns", 26001), after = TestChannels.Active("returns", 26001);
        before.Counters.Receive.Write(new ReceiveTally { Received = 7, Queued = 7 });
        await using TestServer server = await TestServer.StartAsync(before);
        double first = new Scrape(await server.TextAsync("/metrics")).Of("speeddata_received_datagrams_total", "returns");
        await server.Host.RemoveAsync("returns");
        server.Host.Add(after);

        Assert.Multiple(async () =>
        {
            Assert.That(first, Is.EqualTo(7));
            Assert.That(new Scrape(await server.TextAsync("/metrics")).Of("speeddata_received_datagrams_total", "returns"), Is.Zero);
        });
    }

    [Test]
    public async Task Channels_added_after_the_start_have_all_their_series()
    {
        await using TestServer server = await TestServer.StartAsync(TestChannels.Active("stays", 26000));
        await server.TextAsync("/metrics");
        server.Host.Add(Enumerable.Range(0, 3_000).Select(i => (Channel)TestChannels.Active($"n{i}", 30_000 + i)));

        var scrape = new Scrape(await server.TextAsync("/metrics"));

        Assert.Multiple(() =>
        {
            Assert.That(scrape.SeriesOf("speeddata_dropped_datagrams_total").Count(), Is.EqualTo(3_001 * 6));
            Assert.That(scrape.Text, Does.Not.Contain("otel_metric_overflow"));
        });
    }
}
