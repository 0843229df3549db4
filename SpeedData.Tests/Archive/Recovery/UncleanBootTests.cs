using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>Files after a machine lost its power. Pages that were never written are zeros, and zeros decode as records.</summary>
public sealed class UncleanBootTests
{
    private const string AnotherBoot = "11111111-2222-3333-4444-555555555555";
    private const int Page = 4096;

    // Each block has about 30 KB, and so contains complete pages.
    private static readonly int[] Blocks = [600, 600, 600, 600];

    [Test]
    public void A_block_with_a_page_of_zeros_is_set_aside_and_the_blocks_after_it_are_kept()
    {
        Pristine archive = Archive();
        using var bench = new RecoveryBench();
        byte[] left = WithZeroPageIn(archive, 1);
        bench.Put(archive.Part, left);
        bench.Recover(AnotherBoot);

        Assert.Multiple(() =>
        {
            Assert.That(bench.Archived(), Is.EqualTo(Sequence(0, 600).Concat(Sequence(1200, 1200))));
            Assert.That(File.ReadAllBytes(bench.PathOf(archive.Torn)), Is.EqualTo(left[archive.File.BlockStarts[1]..archive.File.BlockEnds[1]]));
            Assert.That(bench.Reports.Single().Why, Does.Contain("page of zeros"));
        });
    }

    [Test]
    public void Without_a_reboot_zeros_are_kept_as_data()
    {
        Pristine archive = Archive();
        using var bench = new RecoveryBench();
        bench.Put(archive.Part, WithZeroPageIn(archive, 1));
        bench.Recover();
        Assert.That(bench.Names, Is.EqualTo([archive.Finished, archive.IndexName]));
    }

    [Test]
    public void A_block_of_zeros_is_kept_if_the_index_confirms_it()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, new ArchiveOptions(), _ => 40, Blocks);
        byte[] left = WithZeroPageIn(archive, 2);
        using var bench = new RecoveryBench();
        // Makes the index of a file that really held these bytes.
        bench.Put(archive.Finished, left);
        bench.Recover();
        byte[] index = File.ReadAllBytes(bench.PathOf(archive.IndexName));
        bench.Clear();
        bench.Put(archive.Part, left);
        bench.Put(archive.IndexName, index);
        bench.Recover(AnotherBoot);
        Assert.That(File.ReadAllBytes(bench.PathOf(archive.Finished)), Is.EqualTo(left));
    }

    [Test]
    public void A_tail_of_zeros_is_dropped_and_gives_no_records()
    {
        Pristine archive = Archive();
        using var bench = new RecoveryBench();
        foreach (int zeros in (int[])[1, 16, Page, 32 << 10])
        {
            bench.Clear();
            bench.Put(archive.Part, [.. archive.Bytes, .. new byte[zeros]]);
            bench.Recover(AnotherBoot);
            Assert.That(bench.Names, Is.EqualTo([archive.Finished, archive.IndexName]), $"{zeros} zeros");
            Assert.That(File.ReadAllBytes(bench.PathOf(archive.Finished)), Is.EqualTo(archive.Bytes), $"{zeros} zeros");
        }
    }

    [Test]
    public void The_walk_over_a_torn_block_ends_at_the_first_page_of_zeros()
    {
        Pristine archive = Archive();
        int block = archive.File.BlockStarts[3], page = (block + (2 * Page)) & -Page;
        byte[] left = [.. archive.Bytes];
        left.AsSpan(page).Clear();
        using var bench = new RecoveryBench();
        bench.Put(archive.Part, left);
        bench.Recover(AnotherBoot);

        List<long> archived = bench.Archived();
        Assert.Multiple(() =>
        {
            Assert.That(archived, Is.EqualTo(Sequence(0, archived.Count)));
            Assert.That(archived, Has.Count.GreaterThan(1800).And.Count.LessThan(1800 + ((page - block) / 40)));
        });
    }

    [Test]
    public void With_a_fixed_record_size_no_record_that_reaches_into_zeros_is_taken()
    {
        // In this schema, any bytes are a record.
        byte[] sync = [.. Enumerable.Range(0, 16).Select(i => (byte)(i + 1))];
        const string Schema = """{"type":"record","name":"r","fields":[{"name":"v","type":"double"},{"name":"w","type":"double"}]}""";
        byte[] header = Core.Container.ContainerHeader.Encode([("avro.schema", Schema), ("avro.codec", "null")], sync);
        byte[] records = [.. Enumerable.Repeat((byte)7, 16 * 1000)];
        // 1,000 records of 16 bytes: count and size as varints.
        byte[] left = [.. header, 0xD0, 0x0F, 0x80, 0xFA, 0x01, .. records, .. sync];
        int page = 2 * Page;
        left.AsSpan(page).Clear();
        string stem = new ArchiveName(RecoveryBench.Channel, 1_700_000_000_000_000).Finished;
        using var bench = new RecoveryBench();
        bench.Put(stem + ".part", left);
        bench.Recover(AnotherBoot);

        var file = new ContainerFile(bench.PathOf(stem));
        Assert.That(file.Blocks.Single().Count, Is.EqualTo((page - header.Length - 5) / 16));
        Assert.That(file.Blocks.Single().Data, Is.All.EqualTo(7));
    }

    private static Pristine Archive() => RecoveryBench.Archive(ArchiveCodec.Null, new ArchiveOptions(), _ => 40, Blocks);

    private static IEnumerable<long> Sequence(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i);

    private static byte[] WithZeroPageIn(Pristine archive, int block)
    {
        byte[] bytes = [.. archive.Bytes];
        int page = (archive.File.BlockStarts[block] + Page) & -Page;
        Assert.That(page + Page, Is.LessThan(archive.File.BlockEnds[block]));
        bytes.AsSpan(page, Page).Clear();
        return bytes;
    }
}
