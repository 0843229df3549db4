using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Supervision;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>Retention while channels run.</summary>
public sealed class RetentionTests
{
    // Each burst makes one block, and each block one file.
    private static readonly ArchiveOptions FileABlock = new() { FlushEvery = TimeSpan.FromMilliseconds(1), RotateBytes = 1, HostName = false };

    [Test]
    public void A_quota_is_kept_over_thousands_of_small_files_while_rotating_quickly()
    {
        const long Quota = 100_000;
        var disk = new SmallDisk();
        using var fleet = new Fleet(files: disk);
        ChannelOptions options = fleet.Options("alpha") with { Archive = FileABlock with { RetainBytes = Quota } };
        string[] foreign = ["alpha-20250101T000000.000000Z.avro.part", "alpha-20250101T000000.000000Z.avro.torn", "note.txt"];
        Put(fleet, "alpha", foreign);
        Channel channel = fleet.Supervisor.Add(options);
        long most = SendOneByOne(fleet, options, channel, 3000);
        fleet.Stop();
        Eventually.True(() => channel.Archive!.Bytes <= Quota, "the quota is met");

        FileInfo[] kept = Finished(fleet, "alpha");
        ArchiveState archive = channel.Archive!;
        Fleet.AssertLedger(channel);
        Assert.Multiple(() =>
        {
            Assert.That(kept.Sum(f => f.Length), Is.InRange(Quota - kept[0].Length, Quota));
            Assert.That(most, Is.LessThan(2 * Quota), "while data flowed");
            Assert.That((archive.Files, archive.Bytes), Is.EqualTo((kept.Length, kept.Sum(f => f.Length))));
            Assert.That(channel.Counters.DeletedFiles(DeletionReason.Bytes), Is.EqualTo(disk.Deleted.Count).And.GreaterThan(1000));
            Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(3000 - kept.Length, kept.Length)), "the newest records, without a gap");
            Assert.That(foreign.Select(f => File.Exists(Path.Combine(fleet.AvroPath, "alpha", f))), Is.All.True);
        });
    }

    [Test]
    public void An_age_limit_is_kept_over_thousands_of_small_files_and_none_is_deleted_too_early()
    {
        var disk = new SmallDisk();
        using var fleet = new Fleet(files: disk);
        ChannelOptions options = fleet.Options("alpha") with { Archive = FileABlock with { RetainFor = TimeSpan.FromSeconds(1) } };
        Channel channel = fleet.Supervisor.Add(options);
        SendOneByOne(fleet, options, channel, 3000);
        fleet.Stop();
        Eventually.True(() => channel.Archive!.Files == 1, "all files except the newest are too old");

        Assert.Multiple(() =>
        {
            Assert.That(disk.ShortestLife, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(channel.Counters.DeletedFiles(DeletionReason.Age), Is.EqualTo(disk.Deleted.Count));
            Assert.That(fleet.Archived("alpha"), Is.EqualTo([2999]));
        });
        Fleet.AssertLedger(channel);
    }

    [Test]
    public void Retention_frees_a_full_disk_and_archiving_resumes_without_a_restart()
    {
        var disk = new SmallDisk();
        using var fleet = new Fleet(files: disk);
        disk.Root = fleet.AvroPath;
        ChannelOptions options = fleet.Options("alpha") with
        {
            Archive = new ArchiveOptions { BlockBytes = 4096, FlushEvery = TimeSpan.FromMilliseconds(5), RotateBytes = 20_000, MinFreeBytes = FreeSpaceFloor.Of(50_000) },
        };
        Channel channel = fleet.Supervisor.Add(options);
        int sent = 0;
        for (; sent < 30_000; sent += 1000)
        {
            fleet.SendRecords(options, sent, 1000);
            Fleet.Settled(channel, sent + 1000);
        }
        string[] old = [.. Finished(fleet, "alpha").Select(f => f.Name)];
        for (int time = 0; time < 5; time++)
        {
            long lost = channel.Counters.Snapshot().Writer.Disk;
            // Another program fills the disk to the last byte.
            disk.Capacity = new DirectoryInfo(fleet.AvroPath).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
            Eventually.True(() => SendOne() && channel.Counters.Snapshot().Writer.Disk > lost, "a write fails");
            Eventually.True(() => SendOne() && channel.Archive!.IsUp, "archiving resumes");
        }
        fleet.Stop();

        LedgerSnapshot ledger = channel.Counters.Snapshot();
        int[] kept = [.. fleet.Archived("alpha")];
        Assert.Multiple(() =>
        {
            Assert.That(channel.Counters.Restarts, Is.Zero);
            Assert.That(channel.Counters.DeletedFiles(DeletionReason.FreeSpace), Is.EqualTo(disk.Deleted.Count(f => f.EndsWith(".avro", StringComparison.Ordinal))).And.GreaterThan(0));
            Assert.That(disk.Deleted.Take(5), Is.EqualTo(old[..5]));
            Assert.That(kept, Is.Ordered.And.Unique.And.Length.LessThan(ledger.Writer.Archived));
            Assert.That(kept[^1], Is.EqualTo(sent - 1));
        });
        Fleet.AssertLedger(channel);

        bool SendOne()
        {
            fleet.SendRecords(options, sent++, 1);
            return true;
        }
    }

    [Test]
    public void The_limits_apply_to_the_files_of_a_channel_that_cannot_run_too()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha") with { Archive = new ArchiveOptions { RetainBytes = 150 } };
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        Put(fleet, "alpha", "alpha-20250101T000000.000000Z.avro", "alpha-20250102T000000.000000Z.avro");
        Channel channel = fleet.Supervisor.Add(options);
        Eventually.True(() => channel.Counters.DeletedFiles(DeletionReason.Bytes) == 1, "the older file is deleted");

        Assert.Multiple(() =>
        {
            Assert.That(channel.Gauges, Is.Null, "no pipeline");
            Assert.That(Finished(fleet, "alpha").Select(f => f.Name), Is.EqualTo(["alpha-20250102T000000.000000Z.avro"]));
        });
    }

    [Test]
    public void Deletion_counts_and_file_ages_survive_a_restart_of_the_channel()
    {
        bool broken = false;
        var transport = new FaultyTransport { OnReceive = _ => { if (Volatile.Read(ref broken)) throw new SocketException((int)SocketError.NetworkDown); } };
        using var fleet = new Fleet(transport);
        ChannelOptions options = fleet.Options("alpha") with { Archive = FileABlock with { RetainFor = TimeSpan.FromSeconds(2), RetainBytes = 5000 } };
        Channel channel = fleet.Supervisor.Add(options);
        SendOneByOne(fleet, options, channel, 50);
        Eventually.True(() => channel.Archive!.Bytes <= 5000, "the quota is met");
        long deleted = channel.Counters.DeletedFiles(DeletionReason.Bytes);
        Volatile.Write(ref broken, true);
        fleet.SendRecords(options, 50, 1);
        Eventually.True(() => channel.Counters.Restarts > 0, "the channel restarts");
        Volatile.Write(ref broken, false);
        Eventually.True(() => channel.State.Status == ChannelStatus.Active, "the channel is active again");
        Eventually.True(() => channel.Archive!.Files == 1, "the files from before the restart age by when they were finished");

        Assert.Multiple(() =>
        {
            Assert.That(deleted, Is.GreaterThan(0));
            Assert.That(channel.Counters.DeletedFiles(DeletionReason.Bytes), Is.GreaterThanOrEqualTo(deleted));
            Assert.That(channel.Counters.DeletedFiles(DeletionReason.Age), Is.GreaterThan(0));
        });
    }

    [Test]
    public async Task The_files_of_a_removed_channel_stay()
    {
        using var fleet = new Fleet();
        var limits = new ArchiveOptions { RetainBytes = 150 };
        ChannelOptions gone = fleet.Options("gone") with { Archive = limits }, stays = fleet.Options("stays") with { Archive = limits };
        fleet.Supervisor.Add(gone);
        Assert.That(await fleet.Supervisor.RemoveAsync("gone", TimeSpan.FromSeconds(5)), Is.True);
        foreach (string name in (string[])["gone", "stays"])
            Put(fleet, name, $"{name}-20250101T000000.000000Z.avro", $"{name}-20250102T000000.000000Z.avro");
        Channel channel = fleet.Supervisor.Add(stays);
        Eventually.True(() => channel.Counters.DeletedFiles(DeletionReason.Bytes) == 1, "retention has deleted files");

        Assert.That(Finished(fleet, "gone"), Has.Length.EqualTo(2));
    }

    /// <returns>The largest total size of finished files that was seen.</returns>
    private static long SendOneByOne(Fleet fleet, ChannelOptions options, Channel channel, int count)
    {
        long most = 0;
        for (int i = 0; i < count; i++)
        {
            fleet.SendRecords(options, i, 1);
            SpinWait.SpinUntil(() => channel.Counters.Snapshot().Writer.Settled > i, TimeSpan.FromSeconds(10));
            if (i % 50 == 0)
                most = Math.Max(most, Finished(fleet, options.Name).Sum(LengthOf));
        }
        Fleet.Settled(channel, count);
        return most;
    }

    private static FileInfo[] Finished(Fleet fleet, string channel) =>
        [.. new DirectoryInfo(Path.Combine(fleet.AvroPath, channel)).EnumerateFiles("*.avro").OrderBy(f => f.Name, StringComparer.Ordinal)];

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // The file was deleted after it was listed.
            return 0;
        }
    }

    private static void Put(Fleet fleet, string channel, params string[] files)
    {
        string folder = Path.Combine(fleet.AvroPath, channel);
        Directory.CreateDirectory(folder);
        foreach (string file in files)
            File.WriteAllBytes(Path.Combine(folder, file), file.EndsWith(".avro", StringComparison.Ordinal) ? [.. "Obj\u0001"u8, .. new byte[96]] : new byte[10_000]);
    }
}
