using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Tests.Archive.Retention;

/// <summary>Age and quota: the files that they delete, and the files that they never touch.</summary>
public sealed class LimitsTests
{
    private const int Eacces = 13, Ebusy = 16, Erofs = 30;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void Without_limits_nothing_is_deleted()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.None });
        channel.Find(RetentionBench.Start.AddYears(-1));
        channel.Finish();
        bench.Pass(TimeSpan.FromDays(100), TimeSpan.FromHours(1));

        Assert.That(channel.Finished.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Over_the_quota_the_oldest_files_are_deleted_until_it_is_met_and_the_figures_agree()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 1000 });
        string[] files = [.. Enumerable.Range(0, 25).Select(_ => channel.Finish(100))];
        bench.Look();

        Assert.That(channel.Finished, Is.EqualTo(files[15..]));
        Assert.That(channel.Deleted, Is.EqualTo((0, 15, 0)));
        channel.AssertTotalsFollow();
    }

    [Test]
    public void A_file_is_deleted_when_its_age_since_its_end_reaches_the_limit_and_not_before()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainFor = Hour });
        string first = channel.Finish();
        bench.Pass(TimeSpan.FromMinutes(10));
        string second = channel.Finish();
        channel.Finish();
        bench.Pass(TimeSpan.FromMinutes(50) - TimeSpan.FromSeconds(30));
        string[] before = [.. channel.Finished];
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(before, Has.Length.EqualTo(3).And.Member(first));
            Assert.That(channel.Finished, Has.None.EqualTo(first).And.Member(second));
            Assert.That(channel.Deleted, Is.EqualTo((1, 0, 0)));
        });
        channel.AssertTotalsFollow();
    }

    [Test]
    public void The_newest_finished_file_is_never_deleted()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainFor = Hour, RetainBytes = 10 });
        channel.Finish();
        string newest = channel.Finish();
        bench.Pass(TimeSpan.FromDays(30), TimeSpan.FromHours(1));

        Assert.That(channel.Finished, Is.EqualTo([newest]));
    }

    [Test]
    public void The_index_is_deleted_after_its_archive_and_may_be_missing()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 100 });
        string with = channel.Finish(), without = channel.Finish(), newest = channel.Finish();
        channel.Put(Path.ChangeExtension(with, ".idx"));
        channel.Put(Path.ChangeExtension(newest, ".idx"));
        bench.Look();

        Assert.That(bench.Disk.DeletedOfAllKinds, Is.EqualTo([with, Path.ChangeExtension(with, ".idx"), without]));
        Assert.That(channel.Files, Is.EqualTo([newest, Path.ChangeExtension(newest, ".idx")]));
        Assert.That(channel.Deleted.Bytes, Is.EqualTo(2), "archives are counted");
    }

    [Test]
    public void In_a_folder_that_another_process_holds_nothing_is_deleted_until_it_is_ours()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 100 });
        channel.Find(RetentionBench.Start.AddDays(-2));
        channel.Find(RetentionBench.Start.AddDays(-1));
        var other = new FolderLock(channel.Path, PortableArchiveFiles.ForThisPlatform);
        Assert.That(other.Take(), Is.Zero);
        bench.Look();
        Assert.That(channel.Finished.Count(), Is.EqualTo(2));
        Assert.That(channel.Retained.State.Fault, Is.Null, "only the writer reports it");

        other.Dispose();
        bench.Look();
        Assert.That(channel.Finished.Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_folder_without_write_permission_is_reported_only_by_the_writer()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 100 });
        channel.Find(RetentionBench.Start.AddDays(-2));
        string newest = channel.Find(RetentionBench.Start.AddDays(-1));
        bench.Disk.Fails = (operation, _) => operation == "Lock" ? Eacces : 0;
        bench.Look();
        Assert.That((channel.Finished.Count(), channel.Retained.State.Fault), Is.EqualTo((2, default(Fault))));

        bench.Disk.Fails = (_, _) => 0;
        bench.Look();
        Assert.That(channel.Finished, Is.EqualTo([newest]));
    }

    [Test]
    public void Foreign_and_unfinished_files_are_never_deleted()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 1, RetainFor = Hour });
        string[] foreign =
        [
            "alpha-20250101T000000.000000Z.avro.part", "alpha-20250101T000000.000001Z.avro.torn", "alpha-20250101T000000.avro",
            "alpha-20250101T000000.000000z.avro", "alpha-20250101T000000.000003Z.AVRO", "beta-20250101T000000.000000Z.avro", "alpha-20250101T000000.000000Z.avro.bak",
            "alpha-20250101T000000.000004Z.idx", "note.txt", "alpha-.avro", " alpha-20250101T000000.000000Z.avro",
        ];
        foreach (string file in foreign)
            channel.Put(file, modified: RetentionBench.Start.AddYears(-1));
        string folder = Path.Combine(channel.Path, "alpha-20250101T000000.000005Z.avro");
        Directory.CreateDirectory(folder);
        string within = Path.Combine(folder, "alpha-20250101T000000.000000Z.avro");
        File.WriteAllText(within, "in a subfolder");
        string ours = channel.Find(RetentionBench.Start.AddYears(-1));
        string newest = channel.Finish();
        bench.Pass(TimeSpan.FromDays(2), TimeSpan.FromMinutes(10));

        Assert.Multiple(() =>
        {
            Assert.That(bench.Disk.Deleted, Is.EqualTo([ours]));
            Assert.That(channel.Files, Is.EquivalentTo([.. foreign, Path.GetFileName(folder), newest]));
            Assert.That(File.Exists(within), Is.True);
        });
    }

    [TestCase(Eacces)]
    [TestCase(Ebusy)]
    [TestCase(Erofs)]
    public void A_file_that_cannot_be_deleted_is_reported_once_and_the_next_one_is_deleted(int errno)
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 200 });
        string stuck = channel.Finish();
        bench.Disk.Fails = (operation, path) => operation == "Delete" && path.EndsWith(stuck, StringComparison.Ordinal) ? errno : 0;
        for (int i = 0; i < 4; i++)
            channel.Finish();
        bench.Look();
        RetentionState first = channel.Retained.State;
        bench.Pass(TimeSpan.FromMinutes(3));
        RetentionState later = channel.Retained.State;
        string[] kept = [.. channel.Finished];
        bench.Disk.Fails = (_, _) => 0;
        channel.Finish();
        bench.Pass(TimeSpan.FromMinutes(2));

        Assert.Multiple(() =>
        {
            Assert.That(first.Fault!.Message, Does.StartWith($"cannot delete {Path.Combine(channel.Path, stuck)}: E"));
            Assert.That(later.Fault, Is.SameAs(first.Fault), "reported once");
            Assert.That(kept, Has.Length.EqualTo(2).And.Member(stuck), "other files are deleted to meet the quota");
            Assert.That(channel.Finished, Has.None.EqualTo(stuck));
            Assert.That(channel.Retained.State.Fault, Is.Null);
        });
        channel.AssertTotalsFollow();
    }

    [Test]
    public void If_nothing_can_be_deleted_few_files_are_tried_and_other_channels_continue()
    {
        using var bench = new RetentionBench();
        var limits = new ArchiveOptions { RetainBytes = 100 };
        BenchChannel broken = bench.Add("broken", limits), well = bench.Add("well", limits);
        int tries = 0;
        bench.Disk.Fails = (operation, path) => operation == "Delete" && path.Contains("broken", StringComparison.Ordinal) && ++tries > 0 ? Erofs : 0;
        for (int i = 0; i < 500; i++)
            broken.Finish();
        well.Finish();
        string last = well.Finish();
        for (int i = 0; i < 50; i++)
            bench.Look();

        Assert.Multiple(() =>
        {
            Assert.That(well.Finished, Is.EqualTo([last]));
            Assert.That(tries, Is.InRange(1, 10));
            Assert.That(broken.Retained.State.Fault!.Message, Does.Contain("EROFS"));
            Assert.That(well.Retained.State.Fault, Is.Null);
        });
    }

    [Test]
    public void A_folder_that_cannot_be_read_is_reported_once_and_read_again_later()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 100 });
        channel.Find(RetentionBench.Start.AddDays(-2));
        string newest = channel.Find(RetentionBench.Start.AddDays(-1));
        bench.Disk.Fails = (operation, _) => operation == "List" ? Eacces : 0;
        for (int i = 0; i < 20; i++)
            bench.Look();
        RetentionState unread = channel.Retained.State;
        int lists = bench.Disk.Lists;
        bench.Disk.Fails = (_, _) => 0;
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.Multiple(() =>
        {
            Assert.That(unread.Fault!.Message, Does.StartWith($"cannot list {channel.Path}: EACCES"));
            Assert.That(lists, Is.EqualTo(1));
            Assert.That(channel.Finished, Is.EqualTo([newest]));
            Assert.That(channel.Retained.State.Fault, Is.Null);
        });
    }

    [Test]
    public void Files_deleted_by_others_are_not_counted_and_a_missing_folder_counts_as_empty()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 250 });
        string[] files = [.. Enumerable.Range(0, 5).Select(_ => channel.Finish())];
        foreach (string gone in files[..3])
            File.Delete(Path.Combine(channel.Path, gone));
        bench.Look();
        (long, long, long) counted = channel.Deleted;
        channel.AssertTotalsFollow();

        Directory.Delete(channel.Path, recursive: true);
        channel.Folder.Forget();
        bench.Pass(TimeSpan.FromMinutes(2));

        Assert.Multiple(() =>
        {
            Assert.That(counted, Is.EqualTo((0, 0, 0)));
            Assert.That(channel.Folder.Listing.Totals.Files, Is.Zero);
            Assert.That(channel.Retained.State.Fault, Is.Null);
        });
    }

    [Test]
    public void Files_of_a_removed_channel_stay()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 100 });
        channel.Finish();
        channel.Finish();
        bench.Remove(channel);
        channel.Retained.Look();
        bench.Look();

        Assert.That(channel.Finished.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Files_finished_or_deleted_while_the_folder_is_listed_are_counted_correctly()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add();
        string oldest = channel.Finish();
        channel.Finish();
        Action endNext = channel.Begin();
        bench.Disk.AfterList = () =>
        {
            endNext();
            FinishedFile gone = channel.Folder.Listing.OldestOf(_ => true)!.Value;
            Assert.That(bench.Disk.Delete(channel.Folder.PathOf(channel.Folder.NameOf(gone).Finished)), Is.Zero);
            channel.Folder.Listing.Remove(gone);
        };
        channel.Folder.Forget();
        bench.Look();

        Assert.That(channel.Finished.ToArray(), Has.Length.EqualTo(2).And.None.EqualTo(oldest));
        channel.AssertTotalsFollow();
    }
}
