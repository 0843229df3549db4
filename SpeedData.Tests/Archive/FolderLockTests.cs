using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive;

public sealed class FolderLockTests
{
    private const int Eagain = 11;

    [Test]
    public void Of_two_one_has_the_folder_and_the_other_learns_who()
    {
        using var folder = new TempFolder();
        using var first = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        using var second = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        Assert.Multiple(() =>
        {
            Assert.That(first.Take(), Is.Zero);
            Assert.That(first.Take(), Is.Zero, "again: it has it");
            Assert.That(second.Take(), Is.EqualTo(Eagain));
            Assert.That(second.Holder, Does.Contain($"process {Environment.ProcessId} on {Environment.MachineName}, since 20"));
            Assert.That(second.IsHeld, Is.False);
        });
        first.Dispose();
        Assert.That(second.Take(), Is.Zero);
    }

    [Test]
    public void A_folder_that_was_replaced_is_locked_again()
    {
        using var root = new TempFolder();
        string folder = Path.Combine(root.Path, "channel");
        Directory.CreateDirectory(folder);
        using var mine = new FolderLock(folder, PortableArchiveFiles.ForThisPlatform);
        mine.Take();
        Directory.Move(folder, folder + ".old");
        Directory.CreateDirectory(folder);
        using var another = new FolderLock(folder, PortableArchiveFiles.ForThisPlatform);
        Assert.That(another.Take(), Is.Zero);
        Assert.That(mine.Take(), Is.EqualTo(Eagain));
    }

    [Test]
    public void The_lock_of_a_folder_that_was_replaced_is_given_up()
    {
        using var root = new TempFolder();
        string folder = Path.Combine(root.Path, "channel"), moved = folder + ".old";
        Directory.CreateDirectory(folder);
        using var mine = new FolderLock(folder, PortableArchiveFiles.ForThisPlatform);
        mine.Take();
        Directory.Move(folder, moved);
        Directory.CreateDirectory(folder);
        using var another = new FolderLock(moved, PortableArchiveFiles.ForThisPlatform);
        Assert.That(another.Take(), Is.EqualTo(Eagain), "still held at its new place");
        Assert.That(mine.Take(), Is.Zero);
        Assert.That(another.Take(), Is.Zero);
    }

    [Test]
    public void A_text_that_was_tampered_with_is_not_repeated()
    {
        using var folder = new TempFolder();
        using var first = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        using var second = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        first.Take();
        string forged = Path.Combine(folder.Path, "forged");
        File.WriteAllText(forged, "evil\n2026-01-01 warn: forged");
        // Copies with cp, as a shell would, without .NET's own locks.
        using (Process copy = Process.Start("cp", ["--no-preserve=all", forged, Path.Combine(folder.Path, FolderLock.FileName)]))
            copy.WaitForExit();
        second.Take();
        Assert.That(second.Holder, Is.EqualTo("an unknown process"));
    }

    [Test]
    public void A_second_writer_counts_what_it_cannot_keep_names_the_holder_and_takes_over_once_it_may()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        using var other = new FolderLock(bench.Folder, PortableArchiveFiles.ForThisPlatform);
        Assert.That(other.Take(), Is.EqualTo(Eagain), "the writer holds it while it runs");
        bench.Finish();
        Assert.That(other.Take(), Is.EqualTo(Eagain), "its channel holds it between two pipelines");
        bench.Model.Dispose();
        Assert.That(other.Take(), Is.Zero, "and no longer");

        using var second = new ArchiveBench(options: bench.Options, folder: bench.Folder);
        second.Start();
        ArchiveBench.Until(() => second.Writer.State.Fault is not null, "the fault, before any datagram");
        second.SendBlock(records: 3);
        string message = second.Writer.State.Fault!.Message;
        other.Dispose();
        second.Time.Advance(TimeSpan.FromSeconds(2));
        second.SendBlock(records: 4);
        second.Finish();
        Assert.Multiple(() =>
        {
            Assert.That(message, Does.Contain($"held by process {Environment.ProcessId} on").And.Contain("Two servers must not write one channel"));
            Assert.That(second.Writer.State.IsUp, Is.True);
            second.AssertLedger(disk: 3, fault: 0);
        });
    }
}
