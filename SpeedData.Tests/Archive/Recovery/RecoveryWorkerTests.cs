using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Archive.Recovery;

public sealed class RecoveryWorkerTests
{
    [Test]
    public void A_stop_waits_for_the_current_write()
    {
        using var bench = new RecoveryBench();
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5, 5);
        bench.Put(archive.Part, archive.Bytes.AsSpan(0, archive.Bytes.Length - 40));
        using var files = new SlowFiles();
        using var folder = new ArchiveFolder(bench.Folder, RecoveryBench.Channel, files, TimeProvider.System);
        Assert.That(folder.Scan(), Is.Zero);
        files.Gate.Reset();
        using var worker = new RecoveryWorker("recover", new FolderRecovery(folder, RecoveryBench.Channel, new TimeOptions { Field = "sequence" }, files, BootId.Current), folder);
        worker.Begin();
        Eventually.True(() => files.Waiting > 0, "the write");
        Task stop = Task.Run(worker.Stop);
        Assert.That(stop.Wait(TimeSpan.FromMilliseconds(200)), Is.False);
        files.Gate.Set();
        Assert.That(stop.Wait(TimeSpan.FromSeconds(30)), Is.True);
    }
}
