using SpeedData.Core.Configuration;

namespace SpeedData.Tests.Archive.Recovery;

public sealed class RecoveryFaultTests
{
    private const int Eio = 5;

    [Test]
    public void A_folder_that_cannot_be_synced_is_reported_and_tried_again()
    {
        using var bench = new RecoveryBench();
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5, 5);
        bench.Put(archive.Part, archive.Bytes);
        bench.Files.Fails = called => called == "SyncFolder" ? Eio : 0;
        Assert.That(bench.Recover(), Is.False);
        Assert.That(bench.Reports.Single().Why, Does.Contain("sync").And.Contain("EIO"));
        bench.Files.Fails = _ => 0;
        Assert.That(bench.Recover(), Is.True);
        Assert.That(bench.Archived(), Has.Count.EqualTo(10));
    }

    [Test]
    public void An_index_that_cannot_be_written_is_written_by_the_next_recovery()
    {
        using var bench = new RecoveryBench();
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 5, 5);
        bench.Put(archive.Finished, archive.Bytes);
        bench.Files.Fails = called => called == "Write" ? Eio : 0;
        Assert.That(bench.Recover(), Is.False);
        Assert.That(bench.Names, Is.EqualTo([archive.Finished]));
        bench.Files.Fails = _ => 0;
        Assert.That(bench.Recover(), Is.True);
        Assert.That(bench.Names, Is.EqualTo([archive.Finished, archive.IndexName]));
    }
}
