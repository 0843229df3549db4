using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Recovery;

/// <summary>Part files of a killed process. They can end at any byte.</summary>
public sealed class TornTailTests
{
    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    [TestCase(ArchiveCodec.Zstandard)]
    public void A_file_cut_anywhere_in_its_last_two_blocks_keeps_exactly_the_complete_records(ArchiveCodec codec)
    {
        Pristine archive = RecoveryBench.Archive(codec, 8, 14, 11);
        using var bench = new RecoveryBench();
        for (int cut = archive.File.BlockStarts[1]; cut <= archive.Bytes.Length; cut++)
        {
            bench.Clear();
            bench.Put(archive.Part, archive.Bytes.AsSpan(0, cut));
            bench.Put(archive.IndexName, archive.Index);
            Assert.That(bench.Recover(), Is.True, $"cut at {cut}: {string.Join("; ", bench.Reports)}");
            List<long> archived = bench.Archived();
            int wholeBlocks = WholeBlocks(archive, cut);
            Assert.That(archived, Is.EqualTo(Enumerable.Range(0, archived.Count)), $"cut at {cut}");
            Assert.That(archived, Has.Count.InRange(wholeBlocks, Whole(archive, cut)), $"cut at {cut}");
            // From a torn compressed block, only the part that decompresses is recovered.
            if (codec == ArchiveCodec.Null)
                Assert.That(archived, Has.Count.EqualTo(Whole(archive, cut)), $"cut at {cut}");
            AssertKept(bench, archive, cut);
        }
    }

    [Test]
    public void Bytes_of_an_incomplete_record_are_set_aside()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 3);
        using var bench = new RecoveryBench();
        int cut = archive.Bytes.Length - 16 - 4;
        bench.Put(archive.Part, archive.Bytes.AsSpan(0, cut));
        bench.Recover();

        byte[] aside = File.ReadAllBytes(bench.PathOf(archive.Torn));
        Assert.Multiple(() =>
        {
            Assert.That(bench.Archived(), Is.EqualTo([0, 1, 2, 3, 4]));
            Assert.That(aside, Is.EqualTo(archive.Bytes[(cut - aside.Length)..cut]));
            Assert.That(aside, Has.Length.InRange(1, 20));
            Assert.That(bench.Reports.Single().AsideBytes, Is.EqualTo(aside.Length));
            Assert.That(bench.Reports.Single().SalvagedRecords, Is.EqualTo(2));
            Assert.That(bench.Reports.Single().Why, Does.Contain("2 of its 3 records were whole"));
        });
    }

    [Test]
    public void A_complete_file_becomes_an_archive_without_any_change()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5, 5);
        using var bench = new RecoveryBench();
        bench.Put(archive.Part, archive.Bytes);
        bench.Put(archive.IndexName, archive.Index);
        bench.Recover();
        Assert.Multiple(() =>
        {
            Assert.That(bench.Names, Is.EqualTo([archive.Finished, archive.IndexName]));
            Assert.That(File.ReadAllBytes(bench.PathOf(archive.Finished)), Is.EqualTo(archive.Bytes));
            Assert.That(File.ReadAllBytes(bench.PathOf(archive.IndexName)), Is.EqualTo(archive.Index));
        });
    }

    [Test]
    public void A_file_without_records_is_deleted()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5);
        using var bench = new RecoveryBench();
        foreach (int length in (int[])[0, archive.HeaderEnd])
        {
            bench.Put(archive.Part, archive.Bytes.AsSpan(0, length));
            bench.Put(archive.IndexName, []);
            bench.Recover();
            Assert.That(bench.Names, Is.Empty, $"{length} bytes");
        }
    }

    [Test]
    public void A_file_with_a_torn_header_is_set_aside_completely()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5);
        using var bench = new RecoveryBench();
        for (int length = 1; length < archive.HeaderEnd; length++)
        {
            bench.Clear();
            bench.Put(archive.Part, archive.Bytes.AsSpan(0, length));
            bench.Recover();
            Assert.That(bench.Names, Is.EqualTo([archive.Torn]), $"{length} bytes");
            Assert.That(File.ReadAllBytes(bench.PathOf(archive.Torn)), Is.EqualTo(archive.Bytes[..length]), $"{length} bytes");
        }
    }

    [Test]
    public void A_bad_file_does_not_keep_the_others_from_being_recovered()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5);
        using var bench = new RecoveryBench();
        bench.Put("bench-20200101T000000.000000Z.avro.part", "no archive at all"u8);
        bench.Put(archive.Part, archive.Bytes);
        Assert.That(bench.Recover(), Is.True);
        Assert.That(bench.Names, Is.EqualTo(["bench-20200101T000000.000000Z.avro.torn", archive.Finished, archive.IndexName]));
    }

    [Test]
    public void Files_that_are_not_the_channels_are_left_as_they_are()
    {
        using var bench = new RecoveryBench();
        string[] names = ["note.txt", "other-20200101T000000.000000Z.avro.part", "bench.avro.part", "bench-20200101.avro.part", "x.idx", "x.avro.redo"];
        foreach (string name in names)
            bench.Put(name, "mine"u8);
        bench.Recover();
        Assert.That(bench.Names, Is.EquivalentTo(names));
    }

    private static int Whole(Pristine archive, int cut)
    {
        int records = WholeBlocks(archive, cut);
        int torn = archive.File.BlockEnds.FindIndex(end => end > cut);
        if (torn < 0)
            return records;
        (long count, byte[] stored, byte[] data) = archive.File.Blocks[torn];
        int dataStart = archive.File.BlockEnds[torn] - 16 - stored.Length, present = cut - dataStart;
        if (archive.File.Metadata["avro.codec"] != "null")
            return records + (present > 0 ? (int)count : 0);
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            TestRecord.Decode(data, ref at);
            if (at > present)
                break;
            records++;
        }

        return records;
    }

    private static int WholeBlocks(Pristine archive, int cut) =>
        (int)archive.File.Blocks.Zip(archive.File.BlockEnds).Where(block => block.Second <= cut).Sum(block => block.First.Count);

    /// <summary>Asserts that the index describes the file, and still has the receive times of the complete blocks.</summary>
    private static void AssertKept(RecoveryBench bench, Pristine archive, int cut)
    {
        ReadIndex index = ReadIndex.TryRead(bench.PathOf(archive.IndexName))!;
        var file = new ContainerFile(bench.PathOf(archive.Finished));
        byte[] bytes = File.ReadAllBytes(bench.PathOf(archive.Finished));
        // Also counts a block that lost only its sync marker.
        int kept = file.BlockEnds.Count(end => archive.File.BlockEnds.Contains(end) && bytes.AsSpan(0, end).SequenceEqual(archive.Bytes.AsSpan(0, end)));
        Assert.Multiple(() =>
        {
            Assert.That(index.IsWhole, Is.True, $"cut at {cut}");
            Assert.That(index.Entries.Select(entry => (entry.Offset, entry.Bytes, entry.Records)), Is.EqualTo(
                file.BlockStarts.Select((start, i) => ((long)start, (long)file.BlockEnds[i] - start, file.Blocks[i].Count))), $"cut at {cut}");
            Assert.That(index.Entries.Count(entry => entry.ReceivedFirstNs is not null), Is.EqualTo(kept), $"cut at {cut}");
            Assert.That(bench.Names.Where(name => name.Contains(".redo", StringComparison.Ordinal) || name.Contains(".new", StringComparison.Ordinal)), Is.Empty, $"cut at {cut}");
        });
    }
}
