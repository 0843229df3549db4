using SpeedData.Core.Configuration;
using SpeedData.Core.Tags;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>Tags without hard links, with too little space, or with a limit.</summary>
public sealed class TagRoomTests
{
    private const int Eperm = 1, Enospc = 28;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ArchiveOptions FastRotation = new() { RotateEvery = TimeSpan.FromSeconds(3), RetainBytes = 3000 };

    [Test]
    public void Without_hard_links_files_are_copied_before_they_are_deleted()
    {
        var disk = new SmallDisk { Fails = (operation, _) => operation == "Link" ? Eperm : 0 };
        using var bench = new TagBench(FastRotation, files: disk);
        TagReport report = Record(bench);
        AssertKept(bench, report);
        Assert.That(Directory.EnumerateFiles(bench.Root, "*.new", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_disk_that_is_full_for_a_while_loses_nothing_and_is_reported()
    {
        bool isFull = false;
        var disk = new SmallDisk { Fails = (operation, _) => operation == "Link" && isFull ? Enospc : 0 };
        using var bench = new TagBench(FastRotation, files: disk);
        bench.Pass(10 * Second, Second);
        bench.Desk.Add(new Tag("run", bench.NowNs, null));
        isFull = true;
        bench.Pass(30 * Second, Second);
        TagReport full = bench.Desk.Get("run");
        isFull = false;
        bench.Pass(30 * Second, Second);
        TagReport report = bench.Desk.Stop("run", bench.NowNs);
        bench.Pass(30 * Second, Second);

        Assert.That(full.Missing, Is.Not.Empty);
        Assert.That(full.Missing[0].Why, Does.Contain("ENOSPC"));
        AssertKept(bench, report);
    }

    [Test]
    public void Beyond_the_limit_nothing_more_is_kept_and_retention_continues()
    {
        using var bench = new TagBench(FastRotation, new TagsOptions { MaxBytes = TagLimit.Of(6000) });
        TagReport report = Record(bench, seconds: 120);
        Assert.Multiple(() =>
        {
            Assert.That(report.Bytes, Is.LessThanOrEqualTo(6000).And.GreaterThan(3000));
            Assert.That(report.Missing, Is.Not.Empty);
            Assert.That(report.Missing[0].Why, Does.Contain("Tags:MaxBytes"));
            Assert.That(bench.Folder.Listing.Totals.Bytes, Is.LessThanOrEqualTo(3000));
        });
    }

    [Test]
    public void Two_tags_of_the_same_records_use_their_space_once_and_either_can_be_removed()
    {
        using var bench = new TagBench(FastRotation);
        bench.Pass(Second, Second);
        bench.Desk.Add(new Tag("a", bench.NowNs, null));
        TagReport b = Record(bench);
        long together = bench.Keeper.Totals.Bytes;
        bench.Desk.Stop("a", bench.NowNs);
        Assert.That(together, Is.LessThan(b.Bytes + bench.Desk.Get("a").Bytes));
        bench.Desk.Remove("run", deleteData: false);
        Assert.That(() => bench.Desk.Remove("a", deleteData: false), Throws.InstanceOf<LastCopyException>().With.Message.Contain("--delete-data")
            .And.Property(nameof(LastCopyException.Copies)).One.Property(nameof(LastCopies.Files)).GreaterThan(0));
        bench.Desk.Remove("a", deleteData: true);
        Assert.That(bench.Desk.List(), Is.Empty);
    }

    private static TagReport Record(TagBench bench, int seconds = 30)
    {
        bench.Pass(10 * Second, Second);
        bench.Desk.Add(new Tag("run", bench.NowNs, null));
        bench.Pass(seconds * Second, Second);
        bench.Desk.Stop("run", bench.NowNs);
        bench.Pass(20 * Second, Second);
        return bench.Desk.Get("run");
    }

    private static void AssertKept(TagBench bench, TagReport report)
    {
        long[] wanted = [.. Enumerable.Range(0, bench.SentNs.Count).Where(i => report.Tag.Holds(bench.SentNs[i])).Select(i => (long)i)];
        Assert.Multiple(() =>
        {
            Assert.That(wanted.Except(TagBench.SequencesIn(Path.Combine(bench.Root, ".tags", "run"))), Is.Empty);
            Assert.That(bench.Desk.Get("run").Missing, Is.Empty);
        });
    }
}
