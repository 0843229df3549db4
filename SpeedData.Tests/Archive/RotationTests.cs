using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class RotationTests
{
    private static readonly string[] DataBeforeName =
    [
        "Lock", "List", "CreateFolder", "Lock", "Truncate", "List", // creates and locks the folder
        "Create", "Delete", // tests that the folder can be written
        "Create", "Create", // creates archive and index
        "SyncFolder", "Sync", "Sync", "Truncate", "Sync", "Sync", "Rename", "SyncFolder",
    ];

    [Test]
    public void Rotation_by_size_loses_and_duplicates_nothing()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { BlockBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(1), RotateBytes = 20_000 });
        bench.Start();
        for (int i = 0; i < 500; i++)
            bench.Send(records: 5, textLength: 50 + (i % 50));
        bench.Finish();

        bench.AssertAllArchived();
        Assert.Multiple(() =>
        {
            Assert.That(bench.Finished.Count(), Is.InRange(8, 40));
            Assert.That(bench.Finished.Select(file => new FileInfo(file).Length), Is.All.LessThanOrEqualTo(20_000));
        });
    }

    [Test]
    public void Rotation_by_age_loses_and_duplicates_nothing()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero, RotateEvery = TimeSpan.FromHours(1) });
        bench.Start();
        for (int i = 0; i < 12; i++)
        {
            bench.SendBlock(records: 3);
            bench.Time.Advance(TimeSpan.FromMinutes(20));
        }
        bench.Finish();

        bench.AssertAllArchived();
        Assert.That(bench.Finished.Select(file => new ContainerFile(file).Blocks.Count), Is.EqualTo([3, 3, 3, 3]));
    }

    [Test]
    public void A_file_is_finished_at_its_age_limit_even_if_no_datagram_arrives()
    {
        using var bench = new ArchiveBench(
            new ArchiveOptions { FlushEvery = TimeSpan.Zero, RotateEvery = TimeSpan.FromMilliseconds(30) }, TimeProvider.System);
        bench.Start();
        bench.Send();
        ArchiveBench.Until(() => bench.Writer.State.Files == 1, "the finished file");

        ArchiveState state = bench.Writer.State;
        Assert.Multiple(() =>
        {
            Assert.That(bench.Finished.Count(), Is.EqualTo(1));
            Assert.That(state.PartFile, Is.Null);
            Assert.That(state.Oldest, Is.EqualTo(DateTimeOffset.UnixEpoch.AddTicks(ArchiveBench.StartNs / 1000 * 10)));
        });
    }

    [Test]
    public void An_idle_channel_makes_no_archive()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.Finish();

        Assert.That(Directory.EnumerateFiles(bench.Folder).Select(file => Path.GetFileName(file)), Is.EqualTo(new[] { FolderLock.FileName }));
    }

    [Test]
    public void Data_is_durable_before_its_name_and_names_before_anything_relies_on_them()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock();
        ArchiveBench.Until(() => Syncs(bench) == 2, "the first sync, of archive and index");
        bench.Finish();

        Assert.That(bench.Files.Calls.Where(call => call != "Write"), Is.EqualTo(DataBeforeName));
    }

    [Test]
    public void Unsynced_data_is_synced_once_an_interval_and_idle_files_are_left_alone()
    {
        using var bench = new ArchiveBench(new ArchiveOptions { FlushEvery = TimeSpan.Zero, SyncEvery = TimeSpan.FromSeconds(1) });
        bench.Start();
        bench.SendBlock();
        ArchiveBench.Until(() => Syncs(bench) == 2, "the sync of the new name");
        bench.SendBlock();
        bench.SendBlock();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        ArchiveBench.Until(() => Syncs(bench) == 4, "the sync of the interval");
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        bench.Finish();

        Assert.That(Syncs(bench), Is.EqualTo(6), "archive and index: the last one ends the file");
    }

    [Test]
    public void The_state_counts_files_that_are_already_in_the_folder()
    {
        using var bench = new ArchiveBench();
        Directory.CreateDirectory(bench.Folder);
        File.WriteAllText(Path.Combine(bench.Folder, "bench-20250101T000000.000000Z.avro"), "12345");
        File.WriteAllText(Path.Combine(bench.Folder, "bench-20240101T000000.000000Z.avro.part"), "no archive");
        File.WriteAllText(Path.Combine(bench.Folder, "note.txt"), "no archive either");
        bench.Start();
        ArchiveBench.Until(() => bench.Writer.State.Files == 1, "the scan");
        ArchiveState before = bench.Writer.State;
        bench.SendBlock();
        bench.Finish();

        ArchiveState after = bench.Writer.State;
        Assert.Multiple(() =>
        {
            Assert.That(before with { Recovered = [] }, Is.EqualTo(new ArchiveState(null, null, null, 1, 5, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero))));
            Assert.That(after.Files, Is.EqualTo(2));
            Assert.That(after.Bytes, Is.EqualTo(5 + new FileInfo(bench.Finished.Last()).Length));
        });
    }

    private static int Syncs(ArchiveBench bench) => bench.Files.Calls.Count(call => call == "Sync");
}
