using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Tags;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Tags;

/// <summary>Tags whose data is missing, because retention deleted it or a limit was reached.</summary>
public sealed class DeletedRangeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ArchiveOptions FastRotation = new() { RotateEvery = TimeSpan.FromSeconds(3), RetainBytes = 3000 };

    [Test]
    public void Server_and_command_report_the_deleted_part_of_a_tags_range()
    {
        using var bench = new TagBench(FastRotation);
        bench.Pass(60 * Second, Second);
        SortedSet<long> there = TagBench.SequencesIn(bench.Root);
        TagReport late = bench.Desk.Add(new Tag("late", bench.SentNs[0], bench.SentNs[30]));
        TagReport command = Command(bench).Get("late");

        Assert.Multiple(() =>
        {
            Assert.That(there, Does.Not.Contain(0L), "retention deleted it");
            Assert.That(late.Missing, Is.Not.Empty);
            Assert.That(late.Missing.Select(missing => missing.Why), Is.All.EqualTo("retention deleted it"));
            Assert.That(late.Recorded, Is.EqualTo([TagBench.Channel]));
            Assert.That(command.Missing, Is.EqualTo(late.Missing));
            Assert.That(Command(bench).Add(new Tag("now", bench.SentNs[^1], null)).Missing, Is.Empty, "no file of its range was deleted");
        });
        bench.Look();
        Assert.That(bench.Keeper.Totals.Missing, Is.EqualTo(late.Missing.Count));
    }

    [Test]
    public void Files_beyond_the_limit_are_reported_after_a_restart_and_by_a_command()
    {
        using var bench = new TagBench(FastRotation, new TagsOptions { MaxBytes = TagLimit.Of(6000) });
        bench.Pass(10 * Second, Second);
        bench.Desk.Add(new Tag("run", bench.NowNs, null));
        bench.Pass(60 * Second, Second);
        bench.Desk.Stop("run", bench.NowNs);
        bench.Pass(30 * Second, Second);
        TagReport before = bench.Desk.Get("run");
        bench.RestartKeeper();
        bench.Look();
        TagReport after = bench.Desk.Get("run"), command = Command(bench).Get("run");
        Assert.Multiple(() =>
        {
            Assert.That(before.Missing, Is.Not.Empty);
            Assert.That(before.Missing[0].Why, Does.StartWith("retention deleted it: ").And.Contain("Tags:MaxBytes"));
            Assert.That(after.Missing.Select(missing => missing.File), Is.EqualTo(before.Missing.Select(missing => missing.File)));
            Assert.That(command.Missing.Select(missing => missing.File), Is.EqualTo(before.Missing.Select(missing => missing.File)));
        });
    }

    [Test]
    public void A_command_reports_existing_files_that_were_not_kept()
    {
        using var bench = new TagBench(new ArchiveOptions { RotateEvery = TimeSpan.FromSeconds(3) });
        bench.Pass(30 * Second, Second);
        bench.Finish();
        // Makes the files so old that a server would have kept them by now.
        foreach (string file in Directory.EnumerateFiles(bench.Folder.Path, "*.avro"))
            File.SetLastWriteTimeUtc(file, TagBench.Start.UtcDateTime);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        TagDesk full = TagDesk.Of(bench.Root, TagLimit.Of(4096), bench.Time);
        full.Add(new Tag("all", bench.SentNs[0], bench.SentNs[^1]));
        TagReport seen = TagDesk.Of(bench.Root, TagLimit.Of(4096), bench.Time).List().Single();
        Assert.That(seen.Missing, Is.Not.Empty);
        Assert.That(seen.Missing[0].Why, Does.Contain("Tags:MaxBytes"));
        Assert.That(TagDesk.Of(bench.Root, TagLimit.None, bench.Time).List().Single().Missing[0].Why, Does.Contain("not kept yet"));
    }

    [Test]
    public void A_new_tag_keeps_files_that_only_another_tag_still_has()
    {
        using var bench = new TagBench(FastRotation);
        bench.Pass(Second, Second);
        bench.Desk.Add(new Tag("first", bench.SentNs[0], null));
        bench.Pass(30 * Second, Second);
        bench.Desk.Stop("first", bench.NowNs);
        bench.Pass(60 * Second, Second);
        TagReport second = bench.Desk.Add(new Tag("second", bench.SentNs[5], bench.SentNs[15]));
        bench.Desk.Remove("first", deleteData: true);
        Assert.Multiple(() =>
        {
            Assert.That(second.Missing, Is.Empty);
            Assert.That(Enumerable.Range(5, 10).Select(i => (long)i), Is.SubsetOf(TagBench.SequencesIn(Path.Combine(bench.Root, ".tags", "second"))));
            Assert.That(bench.Desk.Add(new Tag("third", bench.SentNs[25], bench.SentNs[28])).Missing, Is.Not.Empty, "the file was deleted with the first tag");
        });
    }

    [Test]
    public void The_list_of_deleted_files_stays_short_and_a_truncated_line_harms_no_other()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(Path.Combine(temp.Path, "engine"));
        string path = Path.Combine(temp.Path, "engine", DeletedFiles.FileName);
        for (int i = 0; i < 3000; i++)
        {
            if (i == 2999)
                File.AppendAllText(path, "\nengine-cut 1");
            Assert.That(new DeletedFiles(temp.Path, PortableArchiveFiles.ForThisPlatform).Add("engine", new DeletedFile($"engine-{i:D28}.avro", i * 1_000_000_000L, (i * 1_000_000_000L) + 1, 1)), Is.True);
        }

        IReadOnlyList<DeletedFile> deleted = new DeletedFiles(temp.Path, PortableArchiveFiles.ForThisPlatform).Of("engine");
        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(path).Length, Is.LessThan(64 << 10));
            Assert.That(deleted.Sum(file => file.Files), Is.EqualTo(3000));
            Assert.That((deleted[0].FirstNs, deleted[^1].FileName), Is.EqualTo((0L, $"engine-{2999:D28}.avro")));
        });
    }

    private static TagDesk Command(TagBench bench) => TagDesk.Of(bench.Root, TagLimit.None, bench.Time);
}
