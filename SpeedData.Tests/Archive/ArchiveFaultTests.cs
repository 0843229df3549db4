using System.Diagnostics;
using System.Diagnostics.Metrics;
using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive;

[TestFixture]
public class ArchiveFaultTests
{
    private const int Eacces = 13, Eio = 5, Enospc = 28, Erofs = 30;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    [Test]
    public void A_write_that_fails_leaves_no_trace_in_the_file_and_archiving_resumes_in_a_new_one()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Files.Fails = operation => operation == "Write" ? Enospc : 0;
        bench.SendBlock(records: 4);
        bench.SendBlock(records: 5);
        ArchiveState full = bench.Writer.State;
        bench.Files.Fails = _ => 0;
        bench.Time.Advance(Longest);
        bench.SendBlock(records: 6);
        ArchiveState repaired = bench.Writer.State;
        bench.Finish();

        bench.AssertLedger(disk: 9, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(full.IsUp, Is.False);
            Assert.That(full.Fault!.Message, Does.StartWith($"cannot write {bench.Folder}").And.Contain("ENOSPC"));
            Assert.That(repaired.IsUp, Is.True);
            Assert.That(repaired.LastFault, Is.SameAs(full.Fault));
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([0, 1, 2, 12, 13, 14, 15, 16, 17]));
            Assert.That(bench.Finished.Count(), Is.EqualTo(2));
            Assert.That(bench.Parts, Is.Empty);
        });
    }

    [Test]
    public void The_archive_of_a_silent_device_recovers_once_the_cause_is_gone()
    {
        using var bench = new ArchiveBench(time: TimeProvider.System, backoff: new RestartOptions { InitialDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(20) });
        bench.Start();
        bench.Files.Fails = operation => operation == "Create" ? Eacces : 0;
        bench.SendBlock(records: 3);
        bool wasUp = bench.Writer.State.IsUp;
        bench.Files.Fails = _ => 0;
        ArchiveBench.Until(() => bench.Writer.State.IsUp, "the archive to recover");
        bench.NowNs += 1_000_000;
        bench.SendBlock(records: 2);
        bench.Finish();

        bench.AssertLedger(disk: 3, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(wasUp, Is.False);
            Assert.That(bench.Finished.Select(Path.GetFileName), Is.EqualTo(["bench-20260102T030405.679901Z.avro"]), "named after its first datagram, and no other file is left");
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([3, 4]));
        });
    }

    [Test]
    public void A_short_write_counts_as_failed()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Files.Takes = length => (int)length - 1;
        bench.SendBlock(records: 4);
        ArchiveState state = bench.Writer.State;
        bench.Files.Takes = _ => null;
        bench.Time.Advance(Longest);
        bench.SendBlock(records: 5);
        bench.Finish();

        bench.AssertLedger(disk: 4, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(state.Fault!.Message, Does.Contain("accepted only"));
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([0, 1, 2, 7, 8, 9, 10, 11]));
        });
    }

    [Test]
    public void A_file_that_cannot_be_truncated_is_set_aside()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 3);
        bench.Files.Fails = operation => operation is "Write" or "Truncate" ? Eio : 0;
        bench.SendBlock(records: 4);
        bench.Files.Fails = _ => 0;
        bench.Time.Advance(Longest);
        bench.SendBlock(records: 5);
        bench.Finish();

        bench.AssertLedger(disk: 4, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(bench.Parts.Count(), Is.EqualTo(1));
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([7, 8, 9, 10, 11]));
            Assert.That(bench.Writer.State.Files, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_full_disk_is_not_littered_with_empty_files()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.Files.Fails = operation => operation == "Write" ? Enospc : 0;
        bench.SendBlock();
        for (int i = 0; i < 4; i++)
        {
            bench.Time.Advance(Longest);
            bench.SendBlock();
        }
        bench.Finish();

        bench.AssertLedger(disk: 5, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(bench.Files.Writes, Is.EqualTo(5 + 1), "the lock, and one attempt each time the pause was over");
            Assert.That(Directory.EnumerateFileSystemEntries(bench.Folder).Select(Path.GetFileName), Is.EqualTo([FolderLock.FileName]));
        });
    }

    [TestCase("Create", Eacces)]
    [TestCase("CreateFolder", Eacces)]
    [TestCase("List", Eacces)]
    [TestCase("Lock", Eacces)]
    public void A_folder_without_write_permission_is_reported_with_owner_mode_and_remedy(string operation, int errno)
    {
        using var bench = new ArchiveBench();
        bench.Files.Fails = called => called == operation ? errno : 0;
        bench.Start();
        bench.SendBlock(records: 2);
        ArchiveState state = bench.Writer.State;
        bench.Files.Fails = _ => 0;
        bench.Time.Advance(Longest);
        bench.SendBlock(records: 3);
        bench.Finish();

        bench.AssertLedger(disk: 2, fault: 0);
        string message = state.Fault!.Message;
        Assert.Multiple(() =>
        {
            Assert.That(message, Does.Match($"^cannot (create|open) {bench.Folder}").And.Contain("EACCES").And.Not.Contain("1970"));
            if (OperatingSystem.IsLinux())
                Assert.That(message, Does.Match(@"runs as uid \d+; /\S+ belongs to uid \d+, mode \d{4}\. Fix: "));
            Assert.That(bench.Archived(), Has.Count.EqualTo(3));
        });
    }

    [TestCase("+i", "chattr -R -i ")]
    [TestCase("+a", "chattr -R -a ")]
    [Platform("Linux")]
    public void A_file_attribute_that_forbids_writing_is_named_instead_of_the_mode(string attribute, string remedy)
    {
        using var folder = new TempFolder();
        string data = Path.Combine(folder.Path, "data");
        Directory.CreateDirectory(data);
        if (!Changes(attribute, data))
            Assert.Ignore("needs root and a file system with attributes");
        try
        {
            string message = ArchiveFaultText.Of("rename", Path.Combine(data, "x.avro.part"), data, 1);
            Assert.That(message, Does.Contain(remedy + data).And.Not.Contain("chmod").And.Not.Contain("chown"));
        }
        finally
        {
            Changes(attribute.Replace('+', '-'), data);
        }
    }

    [Test]
    [Platform("Linux")]
    public void A_remedy_that_is_already_in_place_is_not_named()
    {
        using var folder = new TempFolder();
        Assert.That(ArchiveFaultText.Of("create", Path.Combine(folder.Path, "x"), folder.Path, 13), Does.Contain("owner and mode").And.Not.Contain("chmod"));
    }

    [Test]
    public void A_folder_that_cannot_be_written_and_its_recovery_are_noticed_before_the_first_datagram()
    {
        using var bench = new ArchiveBench();
        bench.Files.Fails = called => called is "Create" or "CreateFolder" ? 13 : 0;
        bench.Start();
        ArchiveBench.Until(() => !bench.Writer.State.IsUp, "the fault");
        bench.Files.Fails = _ => 0;
        ArchiveBench.Until(
            () =>
            {
                bench.Time.Advance(Longest);
                bench.Ring.Publish();
                return bench.Writer.State.IsUp;
            },
            "the recovery, although nothing arrived");
        bench.Finish();
        Assert.That(bench.Finished, Is.Empty);
    }

    [Test]
    public void A_read_only_file_system_is_reported()
    {
        using var bench = new ArchiveBench();
        bench.Files.Fails = called => called == "Create" ? Erofs : 0;
        bench.Start();
        bench.SendBlock();

        Assert.That(bench.Writer.State.Fault!.Message, Does.Contain("EROFS").And.Match(OperatingSystem.IsLinux() ? "mount .* for writing" : ""));
    }

    [Test]
    public void Attempts_are_at_most_a_second_apart_and_one_outage_is_one_fault()
    {
        var slow = new RestartOptions { InitialDelay = TimeSpan.FromSeconds(20), MaxDelay = TimeSpan.FromMinutes(5) };
        using var bench = new ArchiveBench(backoff: slow);
        bench.Files.Fails = called => called == "Create" ? Eio : 0;
        bench.Start();
        bench.SendBlock();
        var first = bench.Writer.State.Fault;
        for (int i = 0; i < 4; i++)
        {
            bench.SendBlock();
            bench.Time.Advance(Longest);
            bench.SendBlock();
        }

        Assert.Multiple(() =>
        {
            Assert.That(bench.Files.Calls.Count(call => call == "Create"), Is.EqualTo(5));
            Assert.That(bench.Writer.State.Fault, Is.SameAs(first));
        });
    }

    [Test]
    public void A_failed_sync_is_counted_and_starts_a_new_file()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        ArchiveBench.Until(() => bench.Files.Calls.Contains("Sync"), "the sync of the new name");
        bench.SendBlock(records: 3);
        int syncs = 0;
        bench.Files.Fails = called => called == "Sync" && Interlocked.Increment(ref syncs) == 1 ? Eio : 0;
        bench.Time.Advance(bench.Options.SyncEvery);
        ArchiveBench.Until(() => !bench.Writer.State.IsUp, "the fault");
        ArchiveState failed = bench.Writer.State;
        bench.SendBlock(records: 4);
        bench.Finish();

        bench.AssertLedger(disk: 0, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(bench.Counters.SyncErrors, Is.EqualTo(1));
            Assert.That(failed.Fault!.Message, Does.StartWith("cannot sync ").And.Contain("EIO"));
            Assert.That(bench.Writer.State.IsUp, Is.True);
            Assert.That(new ContainerFile(bench.Parts.Single()).Records(), Has.Count.EqualTo(5), "left for recovery");
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([5, 6, 7, 8]));
        });
    }

    [Test]
    public void A_file_that_cannot_be_renamed_stays_a_part_file_and_is_reported()
    {
        using var bench = new ArchiveBench();
        bench.Files.Fails = called => called == "Rename" ? Eacces : 0;
        bench.Start();
        bench.SendBlock(records: 2);
        bench.Finish();

        bench.AssertLedger(disk: 0, fault: 0);
        Assert.Multiple(() =>
        {
            Assert.That(bench.Writer.State.Fault!.Message, Does.StartWith("cannot rename "));
            Assert.That(new ContainerFile(bench.Parts.Single()).Records(), Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void A_deleted_folder_is_created_again()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock();
        ArchiveBench.Until(() => bench.Files.Calls.Contains("Sync"), "the sync of the new name");
        bench.SendBlock();
        Directory.Delete(bench.Folder, recursive: true);
        bench.Time.Advance(bench.Options.SyncEvery);
        ArchiveBench.Until(() => !bench.Writer.State.IsUp, "the loss to be noticed");
        bench.SendBlock(records: 3);
        bench.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(bench.Archived().Select(record => record.Sequence), Is.EqualTo([2, 3, 4]));
            Assert.That(bench.Writer.State.Files, Is.EqualTo(1));
            Assert.That(bench.Writer.State.IsUp, Is.True);
            Assert.That(bench.Counters.SyncErrors, Is.Zero);
        });
    }

    [Test]
    public void A_path_through_a_file_is_a_fault_of_the_archive_only()
    {
        using var bench = new ArchiveBench();
        string above = Path.GetDirectoryName(bench.Folder)!;
        File.WriteAllText(above, "in the way");
        bench.Start();
        bench.SendBlock();
        File.Delete(above);
        bench.Time.Advance(Longest);
        bench.SendBlock();
        bench.Finish();

        bench.AssertLedger(disk: 1, fault: 0);
        Assert.That(bench.Archived().Single().Sequence, Is.EqualTo(1));
    }

    [Test]
    public void A_block_written_before_an_exception_is_counted_once_and_is_not_in_the_file()
    {
        using var bench = new ArchiveBench();
        var thrown = new TaskCompletionSource<Exception?>();
        var writer = new Thread(() =>
        {
            try
            {
                bench.Writer.Run();
                thrown.SetResult(null);
            }
            catch (InvalidOperationException e)
            {
                thrown.SetResult(e);
            }
        })
        { IsBackground = true };
        int blocks = 0;
        Histogram<double> duration = Telemetry.ArchiveWriteDuration;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == duration.Name)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) =>
        {
            if (Thread.CurrentThread == writer && ++blocks == 2)
                throw new InvalidOperationException("injected between the write and its count");
        });
        listener.Start();
        writer.Start();
        bench.SendBlock(records: 2);
        bench.Send(records: 3);
        Assert.That(thrown.Task.WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult(), Is.Not.Null);
        bench.Writer.CountRest();
        bench.AssertLedger(disk: 0, fault: 3);
        Assert.That(bench.Archived(), Has.Count.EqualTo(2));
    }

    private static bool Changes(string attribute, string path)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("chattr", [attribute, path]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
