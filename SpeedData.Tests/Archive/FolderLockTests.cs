using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive;

public sealed partial class FolderLockTests
{
    private const int Eagain = 11;

    [Test]
    public void Only_one_process_gets_the_folder_and_the_other_learns_the_holder()
    {
        using var folder = new TempFolder();
        using var first = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        using var second = new FolderLock(folder.Path, PortableArchiveFiles.ForThisPlatform);
        Assert.Multiple(() =>
        {
            Assert.That(first.Take(), Is.Zero);
            Assert.That(first.Take(), Is.Zero, "the holder can lock it again");
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
    public void The_lock_of_a_replaced_folder_is_released()
    {
        using var root = new TempFolder();
        string folder = Path.Combine(root.Path, "channel"), moved = folder + ".old";
        Directory.CreateDirectory(folder);
        using var mine = new FolderLock(folder, PortableArchiveFiles.ForThisPlatform);
        mine.Take();
        Directory.Move(folder, moved);
        Directory.CreateDirectory(folder);
        using var another = new FolderLock(moved, PortableArchiveFiles.ForThisPlatform);
        Assert.That(another.Take(), Is.EqualTo(Eagain), "still locked after the move");
        Assert.That(mine.Take(), Is.Zero);
        Assert.That(another.Take(), Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public void A_released_lock_is_free_while_a_process_that_is_being_started_still_has_a_copy_of_the_descriptor()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, FolderLock.FileName);
        IArchiveFiles files = PortableArchiveFiles.ForThisPlatform;
        files.Lock(path, out LockedFile? first);
        using var copy = new SafeFileHandle(Dup((int)first!.Handle.DangerousGetHandle()), ownsHandle: true);
        Assert.That(files.Lock(path, out _), Is.EqualTo(Eagain), "it is locked");
        first.Dispose();
        int error = files.Lock(path, out LockedFile? second);
        second?.Dispose();
        Assert.That(error, Is.Zero);
    }

    [Test]
    public void A_forged_text_in_the_lock_file_is_not_shown()
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
    public void A_second_writer_counts_its_losses_names_the_holder_and_takes_over_when_it_can()
    {
        using var bench = new ArchiveBench();
        bench.Start();
        bench.SendBlock(records: 2);
        using var other = new FolderLock(bench.Folder, PortableArchiveFiles.ForThisPlatform);
        Assert.That(other.Take(), Is.EqualTo(Eagain), "the writer holds it while it runs");
        bench.Finish();
        Assert.That(other.Take(), Is.EqualTo(Eagain), "the channel keeps the lock between two pipelines");
        bench.Model.Dispose();
        Assert.That(other.Take(), Is.Zero, "the lock is released");

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

    /// <summary>Copies a descriptor, as fork(2) does.</summary>
    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Dup(int descriptor);
}
