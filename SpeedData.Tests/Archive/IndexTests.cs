using System.Globalization;
using System.Net;
using Avro.File;
using Avro.Generic;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sources;
using SpeedData.Tests.Archive.Recovery;

namespace SpeedData.Tests.Archive;

public sealed class IndexTests
{
    [Test]
    public void Each_block_has_an_entry_with_its_position_its_checksum_and_its_drops()
    {
        using var bench = new ArchiveBench();
        bench.Counters.SocketOpened(() => 77);
        bench.Start();
        bench.SendBlock(records: 3);
        bench.SendBlock(records: 5, textLength: 900);
        bench.Finish();

        byte[] archive = File.ReadAllBytes(bench.Finished.Single());
        ReadIndex index = IndexOf(bench);
        var file = new ContainerFile(bench.Finished.Single());
        Assert.Multiple(() =>
        {
            Assert.That(index.IsWhole, Is.True);
            Assert.That(index.HeaderCrc, Is.EqualTo(Crc32C.Append(0, archive.AsSpan(0, file.BlockStarts[0]))));
            Assert.That(index.Entries.Select(entry => ((int)entry.Offset, (int)(entry.Offset + entry.Bytes))), Is.EqualTo(file.BlockStarts.Zip(file.BlockEnds)));
            Assert.That(index.Entries.Select(entry => entry.Records), Is.EqualTo([3, 5]));
            Assert.That(index.Entries.Select(entry => entry.Ordinal), Is.EqualTo(new long?[] { 0, 3 }));
            Assert.That(index.Entries.Select(entry => entry.Crc32C), Is.EqualTo(index.Entries.Select(entry => Crc32C.Append(0, archive.AsSpan((int)entry.Offset, (int)entry.Bytes)))));
            Assert.That(index.Entries.Select(entry => entry.Dropped), Is.All.EqualTo(new IndexDrops(77, 0, 0, 0, 0, 0)));
        });
    }

    [Test]
    public void Every_burst_is_kept_with_its_time_and_its_source()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromHours(1) });
        bench.Send(records: 2);
        bench.NowNs += 1234;
        bench.Source = SourceAddress.IPv4(0x0A010203, 5000);
        bench.Send(records: 1);
        bench.NowNs -= 5_000_000; // a clock that steps back
        bench.LostBefore = 1234567;
        bench.Source = SourceAddress.IPv4(0x7F000001, 40000);
        bench.Send(records: 3);
        bench.Finish();

        IndexEntry entry = IndexOf(bench).Entries.Single();
        Assert.Multiple(() =>
        {
            Assert.That(entry.Sources.Select(source => source.ToString()), Is.EqualTo(["127.0.0.1:40000", "10.1.2.3:5000"]));
            Assert.That(entry.Bursts, Is.EqualTo(
            [
                new IndexBurst(ArchiveBench.StartNs, 2, 0),
                new IndexBurst(ArchiveBench.StartNs + 1234, 1, 1),
                new IndexBurst(ArchiveBench.StartNs + 1234 - 5_000_000, 3, 0, LostBefore: 1234567),
            ]));
            Assert.That(entry.Lost, Is.EqualTo(1234567));
            Assert.That((entry.ReceivedFirstNs, entry.ReceivedLastNs), Is.EqualTo(((long?)ArchiveBench.StartNs, (long?)ArchiveBench.StartNs + 1234 - 5_000_000)));
        });
    }

    [Test]
    public void An_IPv6_sender_is_kept_in_full_beside_an_IPv4_one()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromHours(1) });
        bench.Send();
        bench.Source = SourceAddress.From(IPAddress.Parse("2001:db8:1:2:3:4:5:6"), 65535);
        bench.Send();
        bench.Finish();

        Assert.That(IndexOf(bench).Entries.Single().Sources.Select(source => source.ToString()), Is.EqualTo(["127.0.0.1:40000", "[2001:db8:1:2:3:4:5:6]:65535"]));
        using IFileReader<GenericRecord> reader = DataFileReader<GenericRecord>.OpenReader(PathOf(bench));
        IEnumerable<GenericRecord> sources = ((object[])reader.NextEntries.Single()["sources"]).Cast<GenericRecord>();
        Assert.That(sources.Select(source => new IPAddress(((GenericFixed)source["address"]).Value).ToString()), Is.EqualTo(["::ffff:127.0.0.1", "2001:db8:1:2:3:4:5:6"]));
    }

    [Test]
    public void Addresses_are_kept_even_if_there_are_more_senders_than_the_ring_holds_at_once()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        int senders = bench.Ring.Sources.Capacity * 3;
        for (uint i = 0; i < senders; i++)
        {
            bench.Source = SourceAddress.IPv4(0x0A000000 + i, (ushort)(i + 1));
            bench.SendBlock();
        }

        bench.Finish();
        Assert.That(IndexOf(bench).Entries.Select(entry => entry.Sources.Single()), Is.EqualTo(Enumerable.Range(0, senders).Select(i => SourceAddress.IPv4(0x0A000000 + (uint)i, (ushort)(i + 1)))));
    }

    [Test]
    public void Too_many_senders_for_one_block_are_shown_as_unknown_and_their_records_are_kept()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.FromHours(1) });
        int known = bench.Ring.Sources.Capacity;
        for (uint i = 0; i < known + 10; i++)
        {
            bench.Source = SourceAddress.IPv4(0x0A000000 + i, 9);
            bench.Send();
        }

        bench.Finish();
        bench.AssertAllArchived();
        IndexEntry entry = IndexOf(bench).Entries.Single();
        Assert.Multiple(() =>
        {
            Assert.That(entry.Sources, Has.Count.EqualTo(known + 1));
            Assert.That(entry.Sources[^1].ToString(), Is.EqualTo("[::]:0"));
            Assert.That(entry.Bursts.TakeLast(10).Select(burst => burst.Source), Is.All.EqualTo(known));
            Assert.That(entry.Bursts.Take(known).Select(burst => entry.Sources[burst.Source]), Is.EqualTo(Enumerable.Range(0, known).Select(i => SourceAddress.IPv4(0x0A000000 + (uint)i, 9))));
        });
    }

    [TestCase(ReceiveTimes.Block, true)]
    [TestCase(ReceiveTimes.Off, false)]
    public void The_index_can_be_configured_to_hold_less(ReceiveTimes detail, bool knowsWhen)
    {
        using var bench = new ArchiveBench(new ArchiveOptions { ReceiveTimes = detail, FlushEvery = TimeSpan.FromMilliseconds(1) });
        bench.LostBefore = 5;
        bench.Send();
        bench.Finish();
        IndexEntry entry = IndexOf(bench).Entries.Single();
        Assert.Multiple(() =>
        {
            Assert.That(entry.HasBursts, Is.False);
            Assert.That(entry.Lost, Is.EqualTo(5), "a gap is recorded at any level of detail");
            Assert.That(entry.ReceivedFirstNs, Is.EqualTo(knowsWhen ? ArchiveBench.StartNs : null));
            Assert.That(entry.Sources, Has.Count.EqualTo(knowsWhen ? 1 : 0));
            Assert.That(entry.Crc32C, Is.Not.Zero);
        });
    }

    [Test]
    public void Any_avro_reader_opens_the_index()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 3);
        bench.SendBlock(records: 4);
        bench.Finish();
        using IFileReader<GenericRecord> reader = DataFileReader<GenericRecord>.OpenReader(PathOf(bench));
        List<GenericRecord> blocks = [.. reader.NextEntries];
        Assert.Multiple(() =>
        {
            Assert.That(blocks.Select(block => block["records"]), Is.EqualTo([3L, 4L]));
            Assert.That(reader.GetMetaString("speeddata.archive"), Is.EqualTo(Path.GetFileName(bench.Finished.Single())));
            Assert.That(((object[])blocks[0]["bursts"]).Cast<GenericRecord>().Select(burst => burst["records"]), Is.EqualTo([3]));
        });
    }

    [Test]
    public void The_index_is_renamed_with_its_archive()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, RotateBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(1) });
        bench.Start();
        for (int i = 0; i < 6; i++)
            bench.SendBlock(records: 3, textLength: 1000);
        bench.Finish();
        Assert.That(bench.Finished.Count(), Is.GreaterThan(3));
        Assert.That(Directory.EnumerateFiles(bench.Folder, "*.idx").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(bench.Finished.Select(Path.GetFileNameWithoutExtension)));
    }

    [Test]
    public void Entries_of_frequent_blocks_are_written_together_within_half_a_flush_interval()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 3);
        ArchiveBench.Until(() => OnDisk(bench) == 1, "the first entry");
        bench.SendBlock(records: 4);
        bench.SendBlock(records: 5);
        int before = OnDisk(bench);
        bench.Time.Advance(bench.Options.FlushEvery / 2);
        ArchiveBench.Until(() => OnDisk(bench) == 3, "the other entries, although nothing more arrived");
        Assert.That(before, Is.EqualTo(1));
        bench.Finish();
        Assert.That(IndexOf(bench).Entries.Select(entry => entry.Records), Is.EqualTo([3, 4, 5]));
    }

    [Test]
    public void The_number_of_unwritten_entries_is_bounded_even_if_little_time_passes()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        for (int i = 0; i < 400; i++)
            bench.SendBlock();
        int onDisk = OnDisk(bench);
        bench.Finish();
        Assert.Multiple(() =>
        {
            Assert.That(onDisk, Is.InRange(200, 399));
            Assert.That(IndexOf(bench).Entries, Has.Count.EqualTo(400));
        });
    }

    [Test]
    public void An_index_that_cannot_be_written_does_not_affect_the_archive()
    {
        using var bench = new ArchiveBench();
        bench.Files.FailsOn = path => path.EndsWith(".idx", StringComparison.Ordinal) ? 28 : 0;
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Finish();
        bench.AssertAllArchived();
        Assert.That(bench.Writer.State.Fault, Is.Null);
    }

    [TestCase(ArchiveCodec.Null)]
    [TestCase(ArchiveCodec.Deflate)]
    [TestCase(ArchiveCodec.Zstandard)]
    public void A_deleted_index_is_rebuilt_without_receive_times_and_senders(ArchiveCodec codec)
    {
        Pristine archive = RecoveryBench.Archive(codec, 10, 20, 30);
        using var bench = new RecoveryBench();
        bench.Put(archive.Finished, archive.Bytes);
        bench.Put(archive.IndexName, archive.Index);
        IReadOnlyList<IndexEntry> before = ReadIndex.TryRead(bench.PathOf(archive.IndexName))!.Entries;
        File.Delete(bench.PathOf(archive.IndexName));
        bench.Recover();

        ReadIndex after = ReadIndex.TryRead(bench.PathOf(archive.IndexName))!;
        Assert.Multiple(() =>
        {
            Assert.That(after.IsWhole, Is.True);
            Assert.That(after.Entries.Select(Kept), Is.EqualTo(before.Select(Kept)));
            Assert.That(after.Entries.Select(entry => entry.ReceivedFirstNs), Is.All.Null);
            Assert.That(after.Entries.Select(entry => (entry.DeviceFirstNs, entry.DeviceLastNs)), Is.EqualTo(new (long?, long?)[] { (0, 9), (10, 29), (30, 59) }));
        });

        static string Kept(IndexEntry entry) => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Offset} {entry.Bytes} {entry.Records} {entry.Ordinal} {entry.DeviceFirstNs} {entry.DeviceLastNs} {entry.Crc32C}");
    }

    [Test]
    public void An_index_without_its_archive_is_deleted()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 10);
        using var bench = new RecoveryBench();
        bench.Put(archive.IndexName, archive.Index);
        bench.Recover();
        Assert.That(bench.Names, Is.Empty);
    }

    /// <summary>Counts the entries in the index of the file that is being written.</summary>
    private static int OnDisk(ArchiveBench bench) => ReadIndex.TryRead(Directory.EnumerateFiles(bench.Folder, "*.idx").Single())!.Entries.Count;

    private static string PathOf(ArchiveBench bench) => Path.ChangeExtension(bench.Finished.Single(), ".idx");

    private static ReadIndex IndexOf(ArchiveBench bench) => ReadIndex.TryRead(PathOf(bench))!;
}
