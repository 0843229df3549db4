using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive;

/// <summary>A failure at the end of a file, or in its index, is retried while the process runs and affects nothing else.</summary>
public sealed class LateRecoveryTests
{
    private const int Eio = 5, Eperm = 1, Enospc = 28;

    private static readonly ArchiveOptions FileABlock = new() { FlushEvery = TimeSpan.Zero, RotateBytes = 1 };

    [Test]
    public void A_file_that_could_not_be_renamed_gets_its_name_while_the_process_runs()
    {
        using var bench = new ArchiveBench(FileABlock);
        bench.Files.Fails = called => called == "Rename" ? Eperm : 0;
        bench.Start();
        bench.SendBlock();
        bench.SendBlock();
        ArchiveBench.Until(() => bench.Writer.State.Fault is not null, "the fault");
        ArchiveState failed = bench.Writer.State;
        bench.Files.Fails = _ => 0;
        UntilWithTime(bench, () => bench.Finished.Any() && bench.Writer.State.IsUp, "the name");
        bench.Finish();

        Assert.That(failed.Fault!.Message, Does.StartWith("cannot rename "));
        bench.AssertAllArchived();
    }

    [Test]
    public void After_a_failed_sync_archive_and_file_recover_although_nothing_is_sent()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        bench.Files.Fails = called => called == "Sync" ? Eio : 0;
        bench.Time.Advance(bench.Options.SyncEvery);
        ArchiveBench.Until(() => !bench.Writer.State.IsUp, "the fault");
        bench.Files.Fails = _ => 0;
        UntilWithTime(bench, () => bench.Writer.State.IsUp, "the archive");
        bench.SendBlock(records: 3);
        UntilWithTime(bench, () => bench.Finished.Any(), "the recovery of the first file");
        bench.Finish();

        bench.AssertAllArchived();
    }

    [Test]
    public void A_sync_of_the_index_that_fails_is_counted_and_the_archive_is_not_set_aside()
    {
        int syncs = 0;
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        ArchiveBench.Until(() => bench.Files.Calls.Count(call => call == "Sync") == 2, "the first sync, of archive and index");
        // Each sync covers the archive first, then its index.
        bench.Files.Fails = called => called == "Sync" && Interlocked.Increment(ref syncs) % 2 == 0 ? Eio : 0;
        bench.SendBlock(records: 3);
        bench.Finish();

        bench.AssertAllArchived();
        Assert.That(bench.Counters.SyncErrors, Is.GreaterThan(0));
    }

    [Test]
    public void Drops_of_a_full_disk_and_a_full_ring_are_in_the_index_before_the_next_record()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        bench.Files.Fails = called => called is "Write" or "Create" ? Enospc : 0;
        bench.LostBefore = 7;
        bench.SendBlock(records: 3);
        bench.LostBefore = 0;
        bench.SendBlock(records: 4);
        bench.Files.Fails = _ => 0;
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.SendBlock(records: 5);
        bench.Finish();

        bench.AssertLedger(disk: 7, fault: 0);
        IReadOnlyList<IndexEntry> entries = [.. Directory.EnumerateFiles(bench.Folder, "*.idx").Order(StringComparer.Ordinal).SelectMany(file => ReadIndex.TryRead(file)!.Entries)];
        Assert.Multiple(() =>
        {
            Assert.That(entries.Sum(entry => entry.Lost), Is.EqualTo(7 + 7), "drops of the ring and of the disk");
            Assert.That(entries[^1].Bursts[0].LostBefore, Is.EqualTo(14));
            Assert.That(entries.Sum(entry => entry.Records), Is.EqualTo(2 + 5), "the last block before the full disk is indexed too");
        });
    }

    /// <summary>Lets time pass until the condition is true.</summary>
    private static void UntilWithTime(ArchiveBench bench, Func<bool> condition, string what) => ArchiveBench.Until(
        () =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
            return condition();
        },
        what);
}
