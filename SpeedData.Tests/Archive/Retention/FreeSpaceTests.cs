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
    public void On_a_full_disk_the_large_channel_loses_files_and_the_small_one_keeps_its_history()
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
            Assert.That(loud.Finished.Count(), Is.EqualTo(((7 << 20) - 1_000_000) / 100_000), "the history is as long as the disk allows");
        });
        loud.AssertTotalsFollow();
    }

    [Test]
    public void One_large_channel_cannot_displace_forty_small_ones()
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
    public void If_other_programs_fill_the_disk_all_channels_shrink_to_one_size_and_keep_the_newest_file()
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
            Assert.That((large.Finished.Count(), small.Finished.Count()), Is.EqualTo((1, 2)), "files that could not reach the floor are not deleted");
            Assert.That(large.Retained.State.Fault!.Message, Does.Contain("cannot be reached").And.Contain("remove other data"));
        });
    }

    [Test]
    public void If_other_programs_fill_the_disk_only_enough_files_to_continue_recording_are_deleted()
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
            Assert.That(left, Is.InRange(20, 22), "a tenth of the space that deleting could free");
            Assert.That(channel.Retained.State.Fault, Is.Null, "the fault ends once the floor can be reached again");
        });
    }

    [Test]
    public void Deleting_ends_if_it_does_not_help_writes_and_resumes_once_writes_succeed()
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
    public void The_free_space_to_keep_is_known_before_the_folder_exists()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add();
        bench.Look();
        Assert.That((Directory.Exists(channel.Path), channel.Retained.State.MinFreeBytes > 0), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_channel_loses_files_only_while_less_space_is_free_than_its_own_limit()
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
    public void Each_file_system_is_handled_separately_even_if_a_folder_moves_to_another()
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
    public void A_file_system_that_frees_late_loses_no_more_files_than_one_that_frees_immediately()
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
    public void If_freed_space_never_appears_more_is_freed_later_or_immediately_after_a_refused_write()
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
    public void If_a_write_is_refused_despite_free_space_one_file_a_second_is_deleted()
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
    public void A_limit_above_the_size_of_the_file_system_deletes_nothing()
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
    public void The_free_space_limit_in_force_is_shown()
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
    public void Only_an_error_for_lack_of_space_counts_as_a_refused_write()
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
