using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Retention;

/// <summary>Free space: which channels lose files, how many, and how far the file system's figures are trusted.</summary>
public sealed class FreeSpaceTests
{
    private const int Enospc = 28, Eio = 5;

    private static readonly ArchiveOptions LeavesAMegabyte = new() { MinFreeBytes = FreeSpaceFloor.Of(1 << 20) };

    [Test]
    public void By_default_the_less_of_a_gibibyte_and_five_percent_stays_free()
    {
        Assert.Multiple(() =>
        {
            Assert.That(new ArchiveOptions().MinFreeBytes, Is.EqualTo(FreeSpaceFloor.Suitable));
            Assert.That(FreeSpaceFloor.Suitable.On(1L << 40), Is.EqualTo(1L << 30));
            Assert.That(FreeSpaceFloor.Suitable.On(64_000_000), Is.EqualTo(3_200_000));
            Assert.That(FreeSpaceFloor.None.On(1L << 40), Is.Zero);
            Assert.That(FreeSpaceFloor.Of(5).On(1L << 40), Is.EqualTo(5));
        });
    }

    [Test]
    public void On_a_full_disk_the_loud_channel_gives_and_the_quiet_one_keeps_its_depth()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 8 << 20;
        BenchChannel loud = bench.Add("loud", LeavesAMegabyte), quiet = bench.Add("quiet", LeavesAMegabyte);
        string[] deep = [.. Enumerable.Range(0, 50).Select(_ => quiet.Finish(20_000))];
        for (int i = 0; i < 200; i++)
        {
            loud.Finish(100_000);
            bench.Look();
            Assert.That(bench.Disk.Free, Is.GreaterThanOrEqualTo(1 << 20));
        }

        Assert.Multiple(() =>
        {
            Assert.That(quiet.Finished, Is.EqualTo(deep));
            Assert.That(quiet.Deleted, Is.EqualTo((0, 0, 0)));
            Assert.That(loud.Deleted.FreeSpace, Is.EqualTo(200 - loud.Finished.Count()));
            Assert.That(loud.Finished.Count(), Is.EqualTo(((7 << 20) - 1_000_000) / 100_000), "as deep as the disk allows, and no shallower");
        });
        loud.AssertTotalsFollow();
    }

    [Test]
    public void One_loud_channel_cannot_evict_forty_quiet_ones()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 4 << 20;
        BenchChannel[] quiet = [.. Enumerable.Range(0, 40).Select(i => bench.Add($"quiet{i}", LeavesAMegabyte))];
        foreach (BenchChannel channel in quiet)
        {
            for (int i = 0; i < 4; i++)
                channel.Finish(10_000);
        }
        BenchChannel loud = bench.Add("loud", LeavesAMegabyte);
        for (int i = 0; i < 40; i++)
        {
            loud.Finish(100_000);
            bench.Look();
        }

        Assert.That(quiet.Select(channel => channel.Finished.Count()), Is.All.EqualTo(4));
    }

    [Test]
    public void When_others_fill_the_disk_all_shrink_to_the_same_size_and_keep_their_newest()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 4 << 20;
        BenchChannel large = bench.Add("large", LeavesAMegabyte), small = bench.Add("small", LeavesAMegabyte);
        for (int i = 0; i < 20; i++)
            large.Finish(100_000);
        for (int i = 0; i < 5; i++)
            small.Finish(100_000);
        bench.Disk.Capacity = 2_500_000;
        bench.Look();
        (int, int) shrunk = (large.Finished.Count(), small.Finished.Count());
        bench.Disk.Capacity = 1_400_001;
        bench.Look();
        bench.Disk.Capacity = 1_100_000;
        bench.Look();

        Assert.Multiple(() =>
        {
            Assert.That(shrunk, Is.EqualTo((9, 5)));
            Assert.That((large.Finished.Count(), small.Finished.Count()), Is.EqualTo((1, 2)), "what could not reach the floor is not deleted");
            Assert.That(large.Retained.State.Fault!.Message, Does.Contain("cannot be reached").And.Contain("remove other data"));
        });
    }

    [Test]
    public void A_disk_that_other_programs_fill_costs_only_the_files_that_keep_the_recording_going()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 20 << 20;
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.Of(2_250_000) });
        for (int i = 0; i < 23; i++)
            channel.Finish(100_000);
        // Another program fills the disk, so that the floor cannot be reached.
        bench.Disk.Capacity = 2_300_000;
        bench.Pass(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1));
        int left = channel.Finished.Count();
        bench.Disk.Capacity = 20 << 20;
        bench.Pass(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(1));

        Assert.Multiple(() =>
        {
            Assert.That(left, Is.InRange(20, 22), "a tenth of what deleting could free at all");
            Assert.That(channel.Retained.State.Fault, Is.Null, "over once the floor can be reached again");
        });
    }

    [Test]
    public void Deleting_that_does_not_help_the_writes_ends_and_begins_again_once_they_find_room()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add();
        for (int i = 0; i < 23; i++)
            channel.Finish();
        for (int second = 0; second < 60; second++)
        {
            channel.Folder.RoomRefused();
            bench.Pass(TimeSpan.FromSeconds(1));
        }

        int afterVain = channel.Finished.Count();
        string why = channel.Retained.State.Fault!.Message;
        channel.Folder.RoomFound();
        channel.Folder.RoomRefused();
        bench.Pass(TimeSpan.FromSeconds(1));
        Assert.Multiple(() =>
        {
            Assert.That(afterVain, Is.EqualTo(20));
            Assert.That(why, Does.Contain("still fail for lack of space after archives were deleted"));
            Assert.That(channel.Finished.Count(), Is.EqualTo(19));
        });
    }

    [Test]
    public void What_stays_free_is_known_before_there_is_a_folder()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add();
        bench.Look();
        Assert.That((Directory.Exists(channel.Path), channel.Retained.State.MinFreeBytes > 0), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_channel_gives_only_while_less_is_free_than_it_leaves_itself()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 5_000_000;
        BenchChannel modest = bench.Add("modest", new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.Of(2_000_000) });
        BenchChannel bold = bench.Add("bold", new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.Of(500_000) });
        BenchChannel careless = bench.Add("careless", new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.None });
        foreach (BenchChannel channel in (BenchChannel[])[modest, bold, careless])
        {
            for (int i = 0; i < 12; i++)
                channel.Finish(100_000);
        }
        bench.Look();
        int modestAtFirst = modest.Finished.Count(), boldAtFirst = bold.Finished.Count();
        bench.Disk.Capacity = 3_300_000;
        bench.Look();

        Assert.Multiple(() =>
        {
            Assert.That((modestAtFirst, boldAtFirst), Is.EqualTo((6, 12)));
            Assert.That(modest.Finished.Count(), Is.EqualTo(1));
            Assert.That(bold.Finished.Count(), Is.EqualTo(10));
            Assert.That(careless.Finished.Count(), Is.EqualTo(12));
        });
    }

    [Test]
    public void Each_file_system_is_decided_by_itself_also_when_a_folder_moves_to_another()
    {
        using var bench = new RetentionBench();
        bench.Disk.FileSystemOf = folder => folder.EndsWith("elsewhere", StringComparison.Ordinal) ? 2u : 1u;
        bench.Disk.Capacity = 4 << 20;
        BenchChannel here = bench.Add("here", LeavesAMegabyte), elsewhere = bench.Add("elsewhere", LeavesAMegabyte with { MinFreeBytes = FreeSpaceFloor.None });
        for (int i = 0; i < 5; i++)
            here.Finish(100_000);
        for (int i = 0; i < 20; i++)
            elsewhere.Finish(100_000);
        bench.Look();
        bench.Disk.Fails = (operation, path) => operation == "Room" && path.EndsWith("elsewhere", StringComparison.Ordinal) ? Eio : 0;
        bench.Disk.FileSystemOf = _ => 3;
        bench.Disk.Capacity = 3_200_000;
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(here.Finished.Count(), Is.EqualTo(1));
            Assert.That(here.Retained.FileSystem, Is.EqualTo(3));
            Assert.That(here.Retained.State.Fault, Is.Null);
            Assert.That(elsewhere.Retained.State.Fault!.Message, Does.StartWith($"cannot look at the file system of {elsewhere.Path}: EIO"));
        });
    }

    [Test]
    public void A_file_system_that_frees_late_loses_no_more_than_one_that_frees_at_once()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 4 << 20;
        bench.Disk.FreesLate = true;
        BenchChannel channel = bench.Add(limits: LeavesAMegabyte);
        for (int i = 0; i < 32; i++)
            channel.Finish(100_000);
        bench.Look();
        int atFirst = channel.Finished.Count();
        for (int i = 0; i < 30; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            bench.Look();
        }
        int late = channel.Finished.Count();
        bench.Disk.ShowFreed();
        bench.Pass(TimeSpan.FromMinutes(2));

        Assert.Multiple(() =>
        {
            Assert.That(atFirst, Is.EqualTo(31));
            Assert.That(late, Is.EqualTo(31));
            Assert.That(channel.Finished.Count(), Is.EqualTo(31));
        });
    }

    [Test]
    public void Room_that_never_shows_is_made_again_after_a_while_and_at_once_where_a_write_was_refused()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 4 << 20;
        bench.Disk.FreesLate = true;
        BenchChannel channel = bench.Add(limits: LeavesAMegabyte);
        for (int i = 0; i < 32; i++)
            channel.Finish(100_000);
        bench.Look();
        bench.Pass(TimeSpan.FromMinutes(1));
        int afterAWhile = channel.Finished.Count();
        channel.Folder.RoomRefused();
        bench.Look();

        Assert.That((afterAWhile, channel.Finished.Count()), Is.EqualTo((30, 29)));
    }

    [Test]
    public void Where_a_write_is_refused_though_there_seems_to_be_room_one_file_a_second_goes()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 100 << 20;
        BenchChannel channel = bench.Add(limits: LeavesAMegabyte), other = bench.Add("other", LeavesAMegabyte with { MinFreeBytes = FreeSpaceFloor.None });
        for (int i = 0; i < 10; i++)
        {
            channel.Finish();
            other.Finish(1000);
        }
        bench.Look();
        int before = channel.Finished.Count();
        for (int i = 0; i < 5; i++)
        {
            other.Folder.RoomRefused();
            bench.Look();
        }
        int within = channel.Finished.Count();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Look();
        int withoutRefusal = channel.Finished.Count();
        channel.Folder.RoomRefused();
        bench.Look();

        Assert.Multiple(() =>
        {
            Assert.That((before, within, withoutRefusal, channel.Finished.Count()), Is.EqualTo((10, 9, 9, 8)));
            Assert.That(other.Finished.Count(), Is.EqualTo(10));
        });
    }

    [Test]
    public void More_than_the_file_system_has_cannot_stay_free_and_nothing_is_deleted_for_it()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 1 << 20;
        BenchChannel channel = bench.Add(limits: LeavesAMegabyte);
        channel.Finish();
        channel.Finish();
        bench.Look();
        RetentionState first = channel.Retained.State;
        bench.Look();

        Assert.Multiple(() =>
        {
            Assert.That(first.Fault!.Message, Does.StartWith($"Archive:MinFreeBytes of 1 MiB can never be free on the file system of {channel.Path}, which has 1.0 MiB"));
            Assert.That(channel.Retained.State, Is.SameAs(first));
            Assert.That(channel.Finished.Count(), Is.EqualTo(2));
        });
    }

    [Test]
    public void What_stays_free_is_shown_as_it_is_in_force()
    {
        using var bench = new RetentionBench();
        bench.Disk.Capacity = 100_000_000;
        BenchChannel suitable = bench.Add("suitable"), none = bench.Add("none", new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.None });
        suitable.Finish();
        none.Finish();
        bench.Look();

        Assert.That((suitable.Retained.State.MinFreeBytes, none.Retained.State.MinFreeBytes), Is.EqualTo((5_000_000L, (long?)null)));
    }

    [Test]
    public void A_refused_write_is_told_by_the_error_it_gets()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.Files.Fails = operation => operation == "Write" ? Eio : 0;
        bench.SendBlock();
        bool afterEio = bench.Model.TakeRefusal();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        bench.Files.Fails = operation => operation == "Create" ? Enospc : 0;
        bench.SendBlock();

        Assert.That((afterEio, bench.Model.TakeRefusal(), bench.Model.TakeRefusal()), Is.EqualTo((false, true, false)));
    }
}
