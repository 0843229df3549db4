using SpeedData.Core.Configuration;
using SpeedData.Core.Ring;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class BlockTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Test]
    public void A_block_closes_before_a_burst_that_would_exceed_it()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, FlushEvery = Never });
        for (int i = 0; i < 40; i++)
            bench.Send(records: 10, textLength: 97);
        bench.Finish();

        // A burst is 10 records of 100 or 101 bytes: four fit, a fifth does not.
        var blocks = new ContainerFile(bench.Finished.Single()).Blocks;
        Assert.Multiple(() =>
        {
            Assert.That(blocks, Has.Count.EqualTo(10));
            Assert.That(blocks.Select(block => block.Count), Is.All.EqualTo(40));
            Assert.That(blocks.Select(block => block.Data.Length), Is.All.LessThanOrEqualTo(4096));
        });
        bench.AssertAllArchived();
    }

    [Test]
    public void A_burst_larger_than_a_block_is_a_block_of_its_own()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, FlushEvery = Never });
        bench.Send(records: 1);
        bench.Send(records: 50, textLength: 100);
        bench.Send(records: 2);
        bench.Finish();

        Assert.That(new ContainerFile(bench.Finished.Single()).Blocks.Select(block => block.Count), Is.EqualTo([1, 50, 2]));
    }

    [Test]
    public void A_datagram_does_not_wait_longer_than_the_flush_interval()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromMilliseconds(20) });
        bench.Start();
        bench.SendBlock();
        bench.SendBlock();

        Assert.That(new ContainerFile(bench.Parts.Single()).Blocks, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_full_block_does_not_wait_for_the_flush_interval()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, FlushEvery = Never });
        bench.Start();
        for (int i = 0; i < 50; i++)
            bench.Send(textLength: 97);
        ArchiveBench.Until(() => bench.Ledger.Writer.Archived == 40, "the full block");

        Assert.That(bench.Ledger.Pending, Is.EqualTo(10));
    }

    [TestCase(1000)]
    [TestCase(1)]
    public void A_block_larger_than_the_ring_is_written_before_the_ring_is_full(int textLength)
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 64 << 20, FlushEvery = Never });
        bench.Start();
        // Large bursts fill the ring's bytes first, small ones its descriptors.
        for (int i = 0; i < 3 * BurstRing.MinCapacity / 128; i++)
            bench.Send(textLength: textLength);
        bench.Finish();

        bench.AssertAllArchived();
        Assert.That(bench.Files.Writes, Is.InRange(1 + 3, 1 + 100));
    }

    [Test]
    public void Each_block_is_compressed_separately()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { Codec = ArchiveCodec.Zstandard, FlushEvery = TimeSpan.Zero });
        bench.Start();
        bench.SendBlock(records: 20, textLength: 500);
        bench.SendBlock(records: 1, textLength: 1);
        bench.SendBlock(records: 5, textLength: 300);
        bench.Finish();

        bench.AssertAllArchived();
        Assert.That(new ContainerFile(bench.Finished.Single()).Blocks[0].Stored, Has.Length.LessThan(500));
    }
}
