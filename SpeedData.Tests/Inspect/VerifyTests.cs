using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Inspect;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Container;

namespace SpeedData.Tests.Inspect;

public sealed class VerifyTests
{
    private InspectBench _bench = null!;

    [SetUp]
    public void Begin() => _bench = new InspectBench();

    [TearDown]
    public void End() => _bench.Dispose();

    [Test]
    public void An_archive_is_reported_with_its_records_its_time_and_its_counter()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        _bench.Put(archive.Finished, archive.Bytes);
        _bench.Put(archive.IndexName, archive.Index);

        FileReport report = _bench.Verify(archive.Finished, new CounterOptions("sequence"));
        Assert.Multiple(() =>
        {
            Assert.That(report.Findings.Listed, Is.Empty);
            Assert.That((report.Records, report.Blocks, report.Codec, report.Schema, report.Channel), Is.EqualTo((8, 2, "null", "test", "bench")));
            Assert.That((report.ReceivedFirstNs, report.ReceivedLastNs), Is.EqualTo(((long?)ArchiveBench.StartNs + 1_000_000, (long?)ArchiveBench.StartNs + 2_000_000)));
            Assert.That((report.Counter!.Values, report.Counter.First, report.Counter.Last, report.Counter.Missing), Is.EqualTo((8, 0, 7, 0)));
        });
    }

    [TestCase(new long[] { 1, 2, 3, 4 }, 0, 0, 0, 0)]
    [TestCase(new long[] { 1, 2, 5, 6 }, 2, 0, 0, 0)]
    [TestCase(new long[] { 1, 2, 2, 3 }, 0, 1, 0, 0)]
    [TestCase(new long[] { 1, 3, 2, 4 }, 1, 0, 1, 0)]
    [TestCase(new long[] { 500, 501, 0, 1 }, 0, 0, 0, 1)]
    [TestCase(new long[] { 5_000, 5_001, 100, 101 }, 0, 0, 0, 1)]
    [TestCase(new long[] { long.MaxValue - 1, long.MaxValue, long.MinValue }, 0, 0, 0, 0)]
    public void A_counters_gaps_duplicates_late_values_and_restarts_are_reported(long[] values, long missing, long twice, long late, long restarts)
    {
        _bench.Put("a.avro", ContainerBuilder.Of(ContainerBuilder.LongSchema, null).Frame(values.Length, ContainerBuilder.Longs(values)).Bytes);
        CounterTally tally = _bench.Verify("a.avro", new CounterOptions("n")).Counter!;
        Assert.That((tally.Missing, tally.Duplicated, tally.Late, tally.Restarts), Is.EqualTo((missing, twice, late, restarts)));
    }

    [Test]
    public void A_counter_that_is_missing_in_the_records_is_a_finding()
    {
        _bench.Put("a.avro", ContainerBuilder.Of(ContainerBuilder.LongSchema, null).Frame(1, [2]).Bytes);
        Assert.That(_bench.Verify("a.avro", new CounterOptions("m")).Findings.Counts.Keys, Is.EqualTo([FindingKind.NoCounter]));
    }

    [Test]
    public void The_index_reveals_a_removed_block()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5, 2);
        int from = archive.File.BlockStarts[1], to = archive.File.BlockEnds[1];
        _bench.Put(archive.Finished, [.. archive.Bytes.AsSpan(0, from), .. archive.Bytes.AsSpan(to)]);
        Assert.That(_bench.Verify(archive.Finished).Findings.Total, Is.Zero);

        _bench.Put(archive.IndexName, archive.Index);
        Assert.That(_bench.Verify(archive.Finished).Findings.Counts.Keys, Has.Member(FindingKind.NoBlock));
    }

    [Test]
    public void The_incomplete_end_of_a_part_file_is_no_finding_while_a_server_holds_the_folder()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        _bench.Put(archive.Part, archive.Bytes.AsSpan(0, archive.Bytes.Length - 20));
        Assert.That(_bench.Verify(archive.Part).Findings.Counts.Keys, Is.EqualTo([FindingKind.Torn]));

        using var held = new FolderLock(_bench.In, PortableArchiveFiles.ForThisPlatform);
        Assert.That(held.Take(), Is.Zero);
        FileReport report = _bench.Verify(archive.Part);
        Assert.That((report.Findings.Total, report.IsBeingWritten, report.Records), Is.EqualTo((0, true, 3)));
    }

    [Test]
    public void An_index_without_its_archive_is_a_finding()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        _bench.Put(archive.IndexName, archive.Index);
        FileReport report = new FileVerifier(null, null, CancellationToken.None).Verify(InspectPlan.Find([_bench.In]).Items.Single());
        Assert.That((report.Findings.Counts.Keys.Single(), report.Records), Is.EqualTo((FindingKind.NoArchive, 8)));
    }

    [Test]
    public void Folders_are_searched_at_any_depth_and_missing_paths_are_reported()
    {
        Directory.CreateDirectory(Path.Combine(_bench.In, "deep", "er"));
        _bench.Put("deep/er/b.avro", []);
        _bench.Put("deep/a.avro.part", []);
        _bench.Put("deep/c.txt", []);
        InspectPlan plan = InspectPlan.Find([_bench.In, Path.Combine(_bench.In, "deep"), "/no/such/path"]);
        Assert.Multiple(() =>
        {
            Assert.That(plan.Items.Select(item => item.Relative), Is.EqualTo(["deep/a.avro.part", "deep/er/b.avro"]));
            Assert.That(plan.Missing, Is.EqualTo(["/no/such/path"]));
        });
    }

    [Test]
    public void A_file_kept_by_tags_is_read_once_and_one_that_only_a_tag_has_is_reported()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        string channel = Directory.CreateDirectory(Path.Combine(_bench.In, "bench")).FullName;
        string own = _bench.Put(Path.Combine("bench", archive.Finished), archive.Bytes);
        string[] kept = [.. new[] { "a", "b" }.Select(tag => Path.Combine(Directory.CreateDirectory(Path.Combine(_bench.In, ".tags", tag, "bench")).FullName, archive.Finished))];
        foreach (string name in kept)
            PortableArchiveFiles.ForThisPlatform.Link(own, name);
        Assert.That(InspectPlan.Find([_bench.In]).Items.Select(item => item.Path), Is.EqualTo([own]));
        Assert.That(_bench.Verify(Path.Combine("bench", archive.Finished)).OnlyInTag, Is.Null);

        Directory.Delete(channel, recursive: true);
        InspectItem last = InspectPlan.Find([_bench.In]).Items.Single();
        Assert.That((last.Path, new FileVerifier(null, null, CancellationToken.None).Verify(last).OnlyInTag), Is.EqualTo((kept[0], "a")));
    }

    [Test]
    public void A_copy_kept_by_a_tag_is_verified_separately()
    {
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        foreach (string folder in (string[])["bench", Path.Combine(".tags", "a", "bench")])
        {
            Directory.CreateDirectory(Path.Combine(_bench.In, folder));
            _bench.Put(Path.Combine(folder, archive.Finished), archive.Bytes);
        }

        Assert.That(InspectPlan.Find([_bench.In]).Items, Has.Count.EqualTo(2));
    }
}
