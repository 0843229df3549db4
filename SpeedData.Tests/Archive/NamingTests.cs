using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class NamingTests
{
    private static readonly ArchiveOptions FileABlock = new() { FlushEvery = TimeSpan.Zero, RotateBytes = 1 };

    [Test]
    public void The_name_is_the_channel_and_the_time_of_the_first_datagram()
    {
        using var bench = new ArchiveBench();
        bench.Send();
        bench.NowNs += 1_000_000_000;
        bench.Send();
        bench.Finish();

        Assert.That(Names(bench), Is.EqualTo(["bench-20260102T030405.678901Z.avro"]));
    }

    [Test]
    public void Names_sort_by_age_even_if_the_clock_steps_back()
    {
        using var bench = new ArchiveBench(FileABlock);
        bench.Start();
        foreach (long step in (long[])[0, -3_600_000_000_000, 0, +5_000_000_000, -1])
        {
            bench.NowNs = ArchiveBench.StartNs + step;
            bench.SendBlock();
        }
        bench.Finish();

        Assert.That(Names(bench), Is.EqualTo([
            "bench-20260102T030405.678901Z.avro",
            "bench-20260102T030405.678902Z.avro",
            "bench-20260102T030405.678903Z.avro",
            "bench-20260102T030410.678901Z.avro",
            "bench-20260102T030410.678902Z.avro",
        ]));
        bench.AssertAllArchived();
    }

    [TestCase("bench-20360101T000000.000000Z.avro")]
    [TestCase("bench-20260104T000000.000000Z.avro.part")]
    public void A_file_named_in_the_future_does_not_affect_new_names_and_is_reported(string odd)
    {
        using var bench = new ArchiveBench(FileABlock);
        Directory.CreateDirectory(bench.Folder);
        foreach (string file in (string[])["bench-20260102T030405.678905Z.avro", odd])
        {
            File.WriteAllText(Path.Combine(bench.Folder, file), "old");
            File.SetLastWriteTimeUtc(Path.Combine(bench.Folder, file), bench.Time.GetUtcNow().UtcDateTime);
        }

        bench.Start();
        bench.SendBlock();
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(Names(bench), Has.Member("bench-20260102T030405.678906Z.avro"), "after the channel's own files, at its true time");
            Assert.That(bench.Writer.State.NamedInTheFuture, Is.EqualTo(new[] { odd }));
        });
    }

    [TestCase("bench-20270101T000000.000000Z.avro", "bench-20270101T000000.000001Z.avro")]
    [TestCase("bench-20270101T000000.999999Z.avro.part", "bench-20270101T000001.000000Z.avro")]
    [TestCase("other-20270101T000000.000000Z.avro", "bench-20260102T030405.678901Z.avro")]
    [TestCase("bench-20270101.avro", "bench-20260102T030405.678901Z.avro")]
    [TestCase("bench-99991231T235959.999999Z.avro", "bench-20260102T030405.678901Z.avro")]
    public void A_new_name_comes_after_the_newest_in_the_folder(string inFolder, string expected)
    {
        using var bench = new ArchiveBench();
        Directory.CreateDirectory(bench.Folder);
        File.WriteAllText(Path.Combine(bench.Folder, inFolder), "old");
        bench.Send();
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(Names(bench), Has.Member(expected));
            // The writer recovers a part file of its own channel once it has the folder.
            string[] whereItMayBe = [inFolder, inFolder.Replace(".part", ".torn", StringComparison.Ordinal)];
            Assert.That(whereItMayBe.Distinct().Select(file => Path.Combine(bench.Folder, file)).Where(File.Exists).Select(File.ReadAllText), Is.EqualTo(["old"]));
        });
    }

    [Test]
    public void A_part_file_that_appeared_meanwhile_is_not_overwritten()
    {
        using var bench = new ArchiveBench(FileABlock);
        bench.Start();
        bench.SendBlock();
        string taken = Path.Combine(bench.Folder, "bench-20260102T030406.000000Z.avro.part");
        File.WriteAllText(taken, "another's");
        bench.NowNs = 1_767_323_046_000_000_000;
        bench.SendBlock();
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(Names(bench).Last(), Is.EqualTo("bench-20260102T030406.000001Z.avro"));
            Assert.That(File.ReadAllText(taken), Is.EqualTo("another's"));
            Assert.That(bench.Archived(), Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void A_finished_file_that_appeared_meanwhile_is_not_overwritten()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock();
        string taken = bench.Parts.Single()[..^".part".Length];
        File.WriteAllText(taken, "another's");
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(taken), Is.EqualTo("another's"));
            Assert.That(Names(bench), Is.EqualTo(["bench-20260102T030405.678901Z.avro", "bench-20260102T030405.678902Z.avro"]));
            Assert.That(new ContainerFile(bench.Finished.Last()).Records(), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void A_written_name_is_read_back()
    {
        var name = new ArchiveName("a-b.c", ArchiveBench.StartNs / 1000);
        Assert.Multiple(() =>
        {
            Assert.That(ArchiveName.TryParse(name.Finished, "a-b.c", out ArchiveName finished, out ArchiveFileKind kind) && kind == ArchiveFileKind.Finished, Is.True);
            Assert.That(finished, Is.EqualTo(name));
            Assert.That(ArchiveName.TryParse(name.Part, "a-b.c", out ArchiveName part, out kind) && kind == ArchiveFileKind.Part, Is.True);
            Assert.That(part, Is.EqualTo(name));
            Assert.That(ArchiveName.TryParse(name.Index, "a-b.c", out ArchiveName index, out kind) && kind == ArchiveFileKind.Index, Is.True);
            Assert.That(index, Is.EqualTo(name));
            Assert.That(ArchiveName.TryParse(name.Finished, "a", out _, out _), Is.False);
            Assert.That(ArchiveName.TryParse("a.avro", "a-b.c", out _, out _), Is.False);
        });
    }

    private static IEnumerable<string?> Names(ArchiveBench bench) => bench.Finished.Select(Path.GetFileName);
}
