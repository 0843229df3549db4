using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

public sealed class DiskTroubleTests
{
    private const int NoSpace = 28; // ENOSPC

    [Test]
    public void Without_its_folder_the_relay_loses_nothing_and_archiving_resumes_by_itself()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        File.WriteAllText(fleet.AvroPath, "a file where the folder should be");
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);

        fleet.SendRecords(options, 0, 100);
        Fleet.Settled(channel, 100);
        Assert.Multiple(() =>
        {
            Assert.That(full.Take(100), Has.Count.EqualTo(100));
            Assert.That(channel.State.Status, Is.EqualTo(ChannelStatus.Active));
            Assert.That(channel.Archive!.IsUp, Is.False);
            Assert.That(channel.Archive.Fault!.Message, Does.Contain(fleet.AvroPath));
            Assert.That(channel.Counters.Snapshot().Writer.Disk, Is.EqualTo(100));
        });

        File.Delete(fleet.AvroPath);
        int sent = 100;
        Eventually.True(
            () =>
            {
                fleet.SendRecords(options, sent++, 1);
                return channel.Archive!.IsUp;
            },
            "archiving resumes");
        fleet.Stop();
        Fleet.AssertLedger(channel);
        Assert.That(fleet.Archived("alpha")[^1], Is.EqualTo(sent - 1));
    }

    [Test]
    public void Losses_of_a_full_disk_are_counted_and_written_files_stay_valid()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 500);
        Fleet.Settled(channel, 500);
        files.WriteError = NoSpace;
        fleet.SendRecords(options, 500, 500);
        Fleet.Settled(channel, 1000);
        files.WriteError = 0;
        int sent = 1000;
        Eventually.True(
            () =>
            {
                fleet.SendRecords(options, sent++, 1);
                return channel.Archive!.IsUp;
            },
            "archiving resumes");
        fleet.Stop();
        Fleet.AssertLedger(channel);
        List<int> archived = fleet.Archived("alpha");
        Assert.Multiple(() =>
        {
            Assert.That(archived[..500], Is.EqualTo(Enumerable.Range(0, 500)));
            Assert.That(archived, Is.Ordered.And.Unique);
            Assert.That(archived, Has.Count.EqualTo(channel.Counters.Snapshot().Writer.Archived));
            Assert.That(channel.Counters.Snapshot().Writer.Disk, Is.GreaterThanOrEqualTo(500));
        });
    }

    [Test]
    public void While_the_disk_hangs_the_relay_continues_and_datagrams_beyond_the_ring_are_counted()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full) with { Ring = new RingOptions { Bytes = 128 << 10 } };
        options = options with { Archive = options.Archive with { BlockBytes = 4096 } };
        Channel channel = fleet.Supervisor.Add(options);
        files.Gate.Reset();
        int held = 0;
        for (; channel.Counters.Snapshot().Receive.RingFull < 100; held += 50)
        {
            fleet.SendRecords(options, held, 50);
            full.Take(50);
        }

        files.Gate.Set();
        LedgerSnapshot ledger = Fleet.Settled(channel, held);
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.FullRelayed, Is.EqualTo(held));
            Assert.That(ledger.Writer.Archived + ledger.Receive.RingFull, Is.EqualTo(held));
            Assert.That(fleet.Archived("alpha"), Is.Ordered.And.Unique.And.Count.EqualTo(ledger.Writer.Archived));
        });
    }

    [Test]
    public void A_disk_that_hangs_is_reported_and_so_is_its_recovery()
    {
        using var files = new SlowFiles();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var fleet = new Fleet(files: files, time: time);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        files.Gate.Reset();
        fleet.SendRecords(options, 0, 10);
        Eventually.True(() => files.Waiting > 0, "the writer hangs");
        bool before = channel.Archive!.IsUp;
        time.Advance(TimeSpan.FromSeconds(3));
        string? message = channel.Archive.Fault?.Message;
        files.Gate.Set();
        Fleet.Settled(channel, 10);
        Eventually.True(() => channel.Archive.IsUp, "the archive is up again");
        Assert.Multiple(() =>
        {
            Assert.That(before, Is.True);
            Assert.That(message, Does.Contain("has not answered a write for 2 s"));
            Assert.That(channel.Archive.LastFault?.Message, Is.EqualTo(message));
        });
    }

    [Test]
    public void A_drain_timeout_is_reported_and_the_rest_counts_as_fault()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        files.Gate.Reset();
        fleet.SendRecords(options, 0, 200);
        Eventually.True(() => channel.Counters.Snapshot().Receive.Received == 200, "received");
        Assert.That(fleet.Stop(0.2), Is.False);
        LedgerSnapshot ledger = channel.Counters.Snapshot();
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Dropped(DropReason.Fault), Is.EqualTo(200));
            Assert.That(ledger.Pending, Is.Zero);
        });
        Fleet.AssertLedger(channel);
        files.Gate.Set();
    }
}
