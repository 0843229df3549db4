using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Tests.Archive.Recovery;
using SpeedData.Tests.Archive.Retention;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Retention keeps files that are being read, unless the disk needs the space.</summary>
public sealed class HeldFilesTests
{
    [Test]
    public void A_file_over_the_quota_stays_until_its_reader_is_done_and_no_newer_one_is_deleted_instead()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainBytes = 1000 });
        string[] files = [.. Enumerable.Range(0, 12).Select(_ => channel.Finish(100))];
        using (Open(channel, files[0]))
        {
            bench.Look();
            Assert.That(channel.Finished, Is.EqualTo(files[..1].Concat(files[2..])));
        }

        bench.Look();
        Assert.That(channel.Finished, Is.EqualTo(files[2..]));
    }

    [Test]
    public void An_old_file_stays_until_its_reader_is_done()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { RetainFor = TimeSpan.FromHours(1) });
        string[] files = [.. Enumerable.Range(0, 3).Select(_ => channel.Finish())];
        using (Open(channel, files[0]))
        {
            bench.Pass(TimeSpan.FromHours(2));
            Assert.That(channel.Finished, Is.EqualTo(new[] { files[0], files[2] }));
        }

        bench.Pass(TimeSpan.FromMinutes(2));
        Assert.That(channel.Finished, Is.EqualTo(new[] { files[2] }));
    }

    [Test]
    public void The_free_space_limit_deletes_even_a_file_that_is_being_read()
    {
        using var bench = new RetentionBench();
        BenchChannel channel = bench.Add(limits: new ArchiveOptions { MinFreeBytes = FreeSpaceFloor.Of(1 << 20) });
        string[] files = [.. Enumerable.Range(0, 4).Select(_ => channel.Finish(2 << 20))];
        bench.Disk.Capacity = 4 * (2L << 20);
        using (Open(channel, files[0]))
            bench.Look();
        Assert.That(channel.Finished, Has.None.EqualTo(files[0]));
    }

    [Test]
    public void Reading_ends_when_its_file_is_deleted()
    {
        using var folder = new TempFolder();
        Pristine archive = RecoveryBench.Archive(ArchiveCodec.Null, 3, 5);
        string path = Path.Combine(folder.Path, archive.Finished);
        File.WriteAllBytes(path, archive.Bytes);
        ChannelSelection channel = ChannelSelection.Of(ArchiveCatalogue.Find(path).Single(), default);
        using var held = new HeldFiles([channel], CancellationToken.None);
        File.Delete(path);
        ReadingException? told = Assert.Throws<ReadingException>(() => held.Reading(stop =>
        {
            Assert.That(stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)), Is.True);
            stop.ThrowIfCancellationRequested();
            return 0;
        }));
        Assert.That(told!.Message, Does.Contain("was deleted while it was read"));
    }

    private static SafeFileHandle Open(BenchChannel channel, string file) =>
        File.OpenHandle(Path.Combine(channel.Path, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
