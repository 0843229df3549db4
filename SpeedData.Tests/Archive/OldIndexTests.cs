using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Inspect;

namespace SpeedData.Tests.Archive;

/// <summary>An archive and its index in the format before addresses had 16 bytes: three blocks of 6, 4 and 1 records.</summary>
public sealed class OldIndexTests
{
    private const string Archive = "bench-20260102T030405.678901Z.avro", Part = Archive + ".part", Index = "bench-20260102T030405.678901Z.idx";

    private static readonly string[] SourcesOfBlocks = ["127.0.0.1:40000 10.1.2.3:5000", "192.168.10.254:65535", "192.168.10.254:65535"];
    private static readonly string[] BurstsOfBlocks = ["0+2@0-0 1234+1@1-0 2234+3@0-12", "1002234+4@0-0", "2002234+1@0-0"];

    private static byte[] ArchiveBytes => Read(Archive);

    private static byte[] IndexBytes => Read(Index);

    [Test]
    public void All_contents_of_an_old_index_are_read()
    {
        using var bench = new RecoveryBench();
        bench.Put(Index, IndexBytes);
        ReadIndex index = ReadIndex.TryRead(bench.PathOf(Index))!;
        AssertSaysAll(index);
        Assert.That(index.IsWhole, Is.True);
    }

    [Test]
    public void Verify_uses_an_old_index()
    {
        using var bench = new InspectBench();
        bench.Put(Archive, ArchiveBytes);
        bench.Put(Index, IndexBytes);
        FileReport report = bench.Verify(Archive);
        Assert.That((report.Findings.Total, report.Index, report.IndexEntries, report.Records), Is.EqualTo((0, IndexState.Used, 3, 11)));
    }

    [Test]
    public void Repair_copies_the_contents_of_an_old_index_into_a_new_one()
    {
        using var bench = new InspectBench();
        bench.Put(Archive, ArchiveBytes);
        bench.Put(Index, IndexBytes);
        RepairReport report = bench.Repair().Single();
        Assert.That(report.IndexEntriesCopied, Is.EqualTo(3));
        string made = Directory.EnumerateFiles(bench.Out, "*.idx").Single();
        AssertSaysAll(ReadIndex.TryRead(made)!);
        AssertIsOfToday(made, true);
    }

    [Test]
    public void Recovery_leaves_an_old_index_unchanged_if_nothing_is_added()
    {
        using var bench = new RecoveryBench();
        bench.Put(Part, ArchiveBytes);
        bench.Put(Index, IndexBytes);
        Assert.That(bench.Recover(), Is.True);
        Assert.That(File.ReadAllBytes(bench.PathOf(Index)), Is.EqualTo(IndexBytes));
        Assert.That(bench.Archived(), Has.Count.EqualTo(11));
    }

    [Test]
    public void Recovery_that_adds_to_an_old_index_rewrites_it_and_loses_nothing([Values(1, 2)] int entriesLost)
    {
        using var bench = new RecoveryBench();
        bench.Put(Index, IndexBytes);
        int end = EndOfEntry(bench.PathOf(Index), 3 - entriesLost);
        // Cuts the index in the middle of the next entry.
        bench.Put(Index, IndexBytes.AsSpan(0, end + 20));
        bench.Put(Part, ArchiveBytes);
        Assert.That(bench.Recover(), Is.True);

        ReadIndex index = ReadIndex.TryRead(bench.PathOf(Index))!;
        AssertIsOfToday(bench.PathOf(Index), true);
        Assert.Multiple(() =>
        {
            Assert.That(index.IsWhole, Is.True);
            Assert.That(index.Entries.Select(entry => entry.Records), Is.EqualTo([6, 4, 1]));
            Assert.That(index.Entries.Take(3 - entriesLost).Select(Sources), Is.EqualTo(SourcesOfBlocks.Take(3 - entriesLost)));
            Assert.That(index.Entries.Skip(3 - entriesLost).Select(Sources), Is.All.Empty);
        });
    }

    [Test]
    public void An_old_index_is_distinguished_from_a_new_one()
    {
        using var bench = new RecoveryBench();
        bench.Put(Index, IndexBytes);
        AssertIsOfToday(bench.PathOf(Index), false);
    }

    private static void AssertSaysAll(ReadIndex index) => Assert.Multiple(() =>
    {
        Assert.That(index.Entries.Select(entry => entry.Records), Is.EqualTo([6, 4, 1]));
        Assert.That(index.Entries.Select(Sources), Is.EqualTo(SourcesOfBlocks));
        Assert.That(index.Entries.Select(Bursts), Is.EqualTo(BurstsOfBlocks));
        Assert.That(index.Entries.Select(entry => entry.Dropped), Is.All.EqualTo(new IndexDrops(77, 0, 0, 0, 0, 0)));
        Assert.That(index.Entries.Select(entry => entry.Lost), Is.EqualTo(new long?[] { 12, 0, 0 }));
    });

    private static void AssertIsOfToday(string path, bool expected)
    {
        using IndexCursor? cursor = IndexCursor.TryOpen(path);
        Assert.That(cursor?.IsOfToday, Is.EqualTo(expected));
    }

    private static int EndOfEntry(string path, int entries)
    {
        using IndexCursor cursor = IndexCursor.TryOpen(path)!;
        for (int i = 0; i < entries; i++)
            Assert.That(cursor.MoveNext(), Is.True);
        return (int)cursor.End;
    }

    private static string Sources(IndexEntry entry) => string.Join(' ', entry.Sources);

    private static string Bursts(IndexEntry entry) =>
        string.Join(' ', entry.Bursts.Select(burst => $"{burst.ReceivedNs - ArchiveBench.StartNs}+{burst.Records}@{burst.Source}-{burst.LostBefore}"));

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Archive", "BeforeLongAddresses", name));
}
