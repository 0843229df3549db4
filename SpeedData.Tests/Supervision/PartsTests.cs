using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>The parts of a channel fail and recover independently.</summary>
public sealed class PartsTests
{
    [Test]
    public void A_stream_that_cannot_be_opened_counts_errors_and_recovers_while_the_rest_records()
    {
        bool isAbsent = true;
        var transport = new FaultyTransport { OnOpenStream = stream => { if (stream == "FullRate" && Volatile.Read(ref isAbsent)) throw new ChannelSetupException("FullRate:Interface = eth9: there is no such interface"); } };
        using var fleet = new Fleet(transport);
        Socket full = fleet.Receiver(), decimated = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full, decimated);
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 100);
        LedgerSnapshot down = Fleet.Settled(channel, 100);
        Assert.Multiple(() =>
        {
            Assert.That(channel.State.Status, Is.EqualTo(ChannelStatus.Active));
            Assert.That(channel.Parts.Full!.Up, Is.False);
            Assert.That(channel.Parts.Full!.Why, Does.Contain("eth9"));
            Assert.That(channel.Parts.Decimated!.Up, Is.True);
            Assert.That(down.Writer.Archived, Is.EqualTo(100));
            Assert.That(down.Receive.FullErrors, Is.EqualTo(100));
            Assert.That(decimated.Take(20), Has.Count.EqualTo(20));
        });

        Volatile.Write(ref isAbsent, false);
        Eventually.True(() => channel.Parts.Full!.Up, "the stream recovers");
        fleet.SendRecords(options, 100, 50);
        Assert.That(full.Take(50).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(100, 50)));
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(transport.Opened["Receive"], Is.EqualTo(1));
            Assert.That(channel.Counters.Restarts, Is.Zero);
            Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 150)));
        });
        Fleet.AssertLedger(channel);
    }

    [Test]
    public async Task While_the_disk_hangs_a_stream_can_be_changed_and_the_relay_continues()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        Socket full = fleet.Receiver(), elsewhere = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        files.Gate.Reset();
        fleet.SendRecords(options, 0, 10);
        Assert.That(full.Take(10), Has.Count.EqualTo(10));
        Eventually.True(() => files.Waiting > 0, "the writer hangs");

        await fleet.Supervisor.ChangeAsync(options with { FullRate = options.FullRate with { Port = elsewhere.Port() } });
        fleet.SendRecords(options, 10, 10);
        Assert.That(elsewhere.Take(10).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(10, 10)));
        files.Gate.Set();
        Fleet.Settled(channel, 20);
        fleet.Stop();
        Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 20)));
        Fleet.AssertLedger(channel);
    }

    [Test]
    public async Task A_hanging_writer_is_replaced_by_a_new_ring_and_still_drains()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        files.Gate.Reset();
        fleet.SendRecords(options, 0, 10);
        Eventually.True(() => files.Waiting > 0 && channel.Counters.Snapshot().Receive.Received == 10, "the writer hangs");
        await fleet.Supervisor.ChangeAsync(options with { Ring = new RingOptions { Bytes = 16 << 20 } });
        Eventually.True(() => channel.Gauges!.Value.RingCapacityBytes == 16 << 20, "the new ring");
        fleet.SendRecords(options, 10, 10);
        Eventually.True(() => channel.Counters.Snapshot().Receive.Received == 20, "the channel receives");
        Assert.That(channel.Counters.Snapshot().Pending, Is.EqualTo(20));
        files.Gate.Set();
        Fleet.Settled(channel, 20);
        fleet.Stop();
        Assert.That(fleet.Archived("alpha"), Is.EquivalentTo(Enumerable.Range(0, 20)));
        Fleet.AssertLedger(channel);
    }

    [Test]
    public async Task Datagrams_queued_before_a_change_of_the_schema_use_the_old_schema()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        string wider = Path.Combine(Path.GetDirectoryName(fleet.SchemaPath)!, "wider.avsc");
        File.WriteAllText(wider, Records.Schema.Replace("\"double\"}]", "\"double\"},{\"name\":\"more\",\"type\":\"int\"}]", StringComparison.Ordinal));
        fleet.SendRecords(options, 0, 2000);
        await fleet.Supervisor.ChangeAsync(options with { SchemaPath = wider });
        Eventually.True(() => channel.Counters.Snapshot().Receive.Received == 2000, "all datagrams of the old schema");
        for (int i = 2000; i < 2100; i++)
            fleet.Send(options, [.. Records.Encode(i), 2]);
        LedgerSnapshot ledger = Fleet.Settled(channel, 2100);
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Invalid, Is.Zero);
            Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 2100)));
        });
    }

    [Test]
    public async Task A_changed_port_is_drained_first_and_nothing_else_is_replaced()
    {
        var transport = new FaultyTransport();
        using var fleet = new Fleet(transport);
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 2000);
        ChannelOptions moved = options with { Port = Udp.FreePort() };
        await fleet.Supervisor.ChangeAsync(moved);
        Eventually.True(() => transport.Opened["Receive"] == 2, "the new socket");
        fleet.SendRecords(moved, 2000, 100);
        Fleet.Settled(channel, 2100);
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 2100)));
            Assert.That(Directory.GetFiles(Path.Combine(fleet.AvroPath, "alpha"), "*.avro"), Has.Length.EqualTo(1));
            Assert.That(transport.Opened["FullRate"], Is.EqualTo(1));
            Assert.That(channel.Counters.Restarts, Is.Zero);
        });
    }

    [Test]
    public async Task A_changed_list_of_sources_takes_effect_on_the_open_socket()
    {
        var transport = new FaultyTransport();
        using var fleet = new Fleet(transport);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 5);
        Fleet.Settled(channel, 5);
        await fleet.Supervisor.ChangeAsync(options with { Receive = options.Receive with { AllowedSources = [IPNetwork.Parse("127.0.0.9/32")] } });
        Eventually.True(() =>
        {
            fleet.SendRecords(options, 5, 1);
            return channel.Counters.Snapshot().Receive.SourceDenied > 0;
        }, "the list is in force");
        Assert.That(transport.Opened["Receive"], Is.EqualTo(1));
    }
}
