using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Allocation;

[Platform("Linux")]
public sealed class IdleRetentionTests
{
    [Test]
    public void Checking_a_thousand_channels_without_deletions_allocates_nothing_and_queries_the_disk_once()
    {
        using var root = new TempFolder();
        var time = new JumpingTime(DateTimeOffset.UnixEpoch.AddYears(56));
        var files = new CountingFiles();
        var round = new RetentionRound(files, time);
        var limits = new ArchiveOptions { RetainFor = TimeSpan.FromDays(30), RetainBytes = 1 << 30, MinFreeBytes = FreeSpaceFloor.Of(1) };
        RetainedChannel[] channels = [.. Enumerable.Range(0, 1000).Select(i => Retain($"machine-{i:000}"))];
        round.Look(channels);
        round.Look(channels);
        int rooms = files.Rooms;
        long allocated = 0;
        for (int second = 0; second < 30; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            long before = GC.GetAllocatedBytesForCurrentThread();
            round.Look(channels);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Multiple(() =>
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(files.Rooms - rooms, Is.EqualTo(30));
        });

        RetainedChannel Retain(string name)
        {
            string folder = Path.Combine(root.Path, name);
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, new ArchiveName(name, 1_767_000_000_000_000).Finished), new byte[100]);
            return round.Retain(new ArchiveFolder(folder, name, files, time), limits, new ChannelCounters());
        }
    }

    private sealed class CountingFiles : PortableArchiveFiles
    {
        private readonly LinuxArchiveFiles _real = new();

        public int Rooms { get; private set; }

        public override int Room(string folder, out FileSystemRoom room)
        {
            Rooms++;
            return _real.Room(folder, out room);
        }
    }
}
