using System.Diagnostics.Metrics;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class ArchiveAllocationTests
{
    [Test]
    public void Writing_blocks_allocates_nothing_without_a_codec()
    {
        using var bench = new ArchiveBench(
            new ArchiveOptions { BlockBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(1), HostName = false }, TimeProvider.System);
        long writes = 0;
        long warm = 0;
        long last = 0;
        // Runs on the writer thread and notes how much it has allocated before each write.
        bench.Files.BeforeWrite = () =>
        {
            last = GC.GetAllocatedBytesForCurrentThread();
            if (++writes == 200)
                warm = last;
        };
        bench.Start();
        for (int i = 0; i < 12_000; i++)
            bench.Send(textLength: 400);
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(writes, Is.GreaterThan(1200), "blocks");
            Assert.That(last - warm, Is.LessThan(1024), "bytes allocated by the writer in 10,000 bursts");
        });
        bench.AssertAllArchived();
    }

    [Test]
    public void The_duration_of_every_block_is_recorded()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero });
        Thread? writer = null;
        bench.Files.BeforeWrite = () => writer = Thread.CurrentThread;
        var seconds = new List<double>();
        var tags = new List<KeyValuePair<string, object?>>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<double>((_, value, given, _) =>
        {
            // Other fixtures write blocks at the same time.
            if (Thread.CurrentThread != writer)
                return;
            seconds.Add(value);
            tags.AddRange(given);
        });
        listener.EnableMeasurementEvents(Telemetry.ArchiveWriteDuration);
        bench.Start();
        for (int i = 0; i < 3; i++)
            bench.SendBlock();
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(seconds, Has.Count.EqualTo(3).And.All.InRange(0, 20));
            Assert.That(tags, Is.All.EqualTo(KeyValuePair.Create<string, object?>("channel", ArchiveBench.Channel)));
        });
    }
}
