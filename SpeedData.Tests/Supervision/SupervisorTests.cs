using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

public sealed class SupervisorTests
{
    [Test]
    public void A_datagram_is_archived_relayed_and_decimated_and_the_ledger_is_exact()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver(), decimated = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full, decimated);
        Channel channel = fleet.Supervisor.Add(options);

        fleet.SendRecords(options, 0, 1000);
        Fleet.Settled(channel, 1000);

        Assert.That(full.Take(1000).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(decimated.Take(200).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(0, 200).Select(i => (5 * i) + 4)));
        Assert.That(fleet.Stop(), Is.True);
        Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 1000)));
        Fleet.AssertLedger(channel);
        Assert.That(channel.State.Status, Is.EqualTo(ChannelStatus.Stopped));
    }

    [Test]
    public void All_datagrams_queued_at_a_stop_are_drained()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 3000);
        Assert.That(fleet.Stop(), Is.True);
        LedgerSnapshot ledger = channel.Counters.Snapshot();
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Received, Is.EqualTo(3000));
            Assert.That(ledger.Writer.Archived, Is.EqualTo(3000));
            Assert.That(ledger.Pending, Is.Zero);
            Assert.That(full.TakeQueued(), Has.Count.EqualTo(3000));
            Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 3000)));
        });
    }

    [Test]
    public void Invalid_datagrams_are_counted_and_kept_for_inspection_and_valid_ones_are_processed()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        for (int i = 0; i < 100; i++)
        {
            fleet.Send(options, Records.Encode(i));
            fleet.Send(options, Records.Encode(i).AsSpan()[..^1]);
            fleet.Send(options, [.. Records.Encode(i), 0]);
            fleet.Send(options, []);
        }

        LedgerSnapshot ledger = Fleet.Settled(channel, 400);
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Invalid, Is.EqualTo(300));
            Assert.That(ledger.Writer.Archived, Is.EqualTo(100));
            Assert.That(full.Take(100).Select(d => Records.Counter(d)), Is.EqualTo(Enumerable.Range(0, 100)));
            Assert.That(channel.Rejects.Read().Sum(g => g.Of.Count), Is.EqualTo(300));
        });
        Fleet.AssertLedger(channel);
    }

    [Test]
    public void Datagrams_of_a_denied_source_are_counted_and_dropped()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        options = options with { Receive = options.Receive with { AllowedSources = [IPNetwork.Parse("127.0.0.2/32")] } };
        Channel channel = fleet.Supervisor.Add(options);
        using Socket allowed = Udp.Sender("127.0.0.2");
        fleet.SendRecords(options, 0, 10);
        allowed.SendTo(Records.Encode(77), new IPEndPoint(IPAddress.Loopback, options.Port));
        LedgerSnapshot ledger = Fleet.Settled(channel, 11);
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.SourceDenied, Is.EqualTo(10));
            Assert.That(full.Take(1).Select(d => Records.Counter(d)), Is.EqualTo(new[] { 77 }));
        });
        Fleet.AssertLedger(channel);
    }

    [Test]
    public void A_channel_whose_receiver_throws_restarts_alone_and_no_counter_decreases()
    {
        int faults = 0;
        var transport = new FaultyTransport { OnReceive = name => { if (name == "bad" && Interlocked.Increment(ref faults) % 3 == 0) throw new SocketException((int)SocketError.NetworkDown); } };
        using var fleet = new Fleet(transport);
        ChannelOptions good = fleet.Options("good"), bad = fleet.Options("bad");
        Channel goodChannel = fleet.Supervisor.Add(good), badChannel = fleet.Supervisor.Add(bad);

        long seen = 0;
        Eventually.True(() =>
        {
            fleet.SendRecords(good, 0, 1);
            fleet.SendRecords(bad, 0, 1);
            long now = badChannel.Counters.Snapshot().Receive.Received;
            Assert.That(now, Is.GreaterThanOrEqualTo(seen));
            seen = now;
            return badChannel.Counters.Restarts >= 3;
        }, "three restarts");
        transport.OnReceive = _ => { };
        Eventually.True(() => badChannel.State.Status == ChannelStatus.Active, "the channel recovers");
        Assert.Multiple(() =>
        {
            Assert.That(badChannel.State.LastFault!.Role, Is.EqualTo(FaultRole.Receive));
            Assert.That(goodChannel.Counters.Restarts, Is.Zero);
            Assert.That(goodChannel.State.Status, Is.EqualTo(ChannelStatus.Active));
        });
        fleet.Stop();
        Fleet.AssertLedger(goodChannel);
        Fleet.AssertLedger(badChannel);
    }

    [Test]
    public void An_exception_in_the_middle_of_a_batch_leaves_every_datagram_in_the_ledger()
    {
        int sends = 0;
        var transport = new FaultyTransport { OnSend = _ => { if (Interlocked.Increment(ref sends) % 50 == 0) throw new InvalidOperationException("injected"); } };
        using var fleet = new Fleet(transport);
        Socket full = fleet.Receiver();
        ChannelOptions options = fleet.Options("alpha", full);
        Channel channel = fleet.Supervisor.Add(options);
        for (int i = 0; channel.Counters.Restarts < 3; i++)
        {
            fleet.SendRecords(options, i, 1);
            if (i % 20 == 0)
                Thread.Yield();
        }

        fleet.Stop();
        Fleet.AssertLedger(channel);
        Assert.That(channel.Counters.Snapshot().Dropped(DropReason.Fault) + channel.Counters.Snapshot().Writer.Archived, Is.GreaterThan(0));
    }

    [Test]
    public void A_channel_whose_port_is_taken_reports_it_and_starts_when_the_port_is_free()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha");
        var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        Channel channel = fleet.Supervisor.Add(options);
        Eventually.True(() => channel.State.FaultsInARow >= 3, "the channel keeps trying");
        Assert.That(channel.State.LastFault!.Message, Does.Contain($"Port = {options.Port}"));
        Assert.That(channel.State.RetryAt, Is.Not.Null);
        holder.Dispose();
        Eventually.True(() => channel.State.Status == ChannelStatus.Active, "the channel comes up");
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(channel, 10);
    }

    [Test]
    public void A_channel_whose_interface_is_absent_is_retried()
    {
        bool absent = true;
        var transport = new FaultyTransport { OnOpen = _ => { if (Volatile.Read(ref absent)) throw new ChannelSetupException("Receive:Interface = eth7: there is no such interface"); } };
        using var fleet = new Fleet(transport);
        Channel channel = fleet.Supervisor.Add(fleet.Options("alpha"));
        Eventually.True(() => channel.Counters.Restarts >= 2, "the channel is retried");
        Assert.That(channel.State.LastFault!.Message, Does.Contain("eth7"));
        Volatile.Write(ref absent, false);
        Eventually.True(() => channel.State.Status == ChannelStatus.Active, "the channel comes up");
    }

    [Test]
    public async Task A_channel_is_added_and_removed_while_others_run_and_its_counters_end_with_it()
    {
        using var fleet = new Fleet();
        ChannelOptions stays = fleet.Options("stays"), comes = fleet.Options("comes");
        Channel staying = fleet.Supervisor.Add(stays);
        Channel first = fleet.Supervisor.Add(comes);
        fleet.SendRecords(comes, 0, 100);
        Fleet.Settled(first, 100);
        Assert.That(await fleet.Supervisor.RemoveAsync("COMES", TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(fleet.Supervisor.Channels.Select(c => c.Name), Is.EqualTo(new[] { "stays" }));

        Channel again = fleet.AddAgain(comes);
        fleet.SendRecords(comes, 100, 50);
        fleet.SendRecords(stays, 0, 100);
        Fleet.Settled(again, 50);
        Fleet.Settled(staying, 100);
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(fleet.Archived("comes"), Is.EqualTo(Enumerable.Range(0, 150)));
            Assert.That(again.Counters.Snapshot().Receive.Received, Is.EqualTo(50));
        });
        Fleet.AssertLedger(first);
        Fleet.AssertLedger(again);
        Fleet.AssertLedger(staying);
    }

    [Test]
    public void A_second_channel_of_the_same_name_is_refused()
    {
        using var fleet = new Fleet();
        fleet.Supervisor.Add(fleet.Options("alpha"));
        Assert.That(() => fleet.Supervisor.Add(fleet.Options("ALPHA")), Throws.ArgumentException);
    }

    [Test]
    public async Task Removing_an_unknown_channel_is_reported()
    {
        using var fleet = new Fleet();
        Assert.That(await fleet.Supervisor.RemoveAsync("nobody", TimeSpan.Zero), Is.False);
    }

    [Test]
    public async Task Removing_a_channel_twice_at_once_removes_it_once()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha");
        fleet.Supervisor.Add(options);
        bool[] removed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fleet.Supervisor.RemoveAsync("alpha", TimeSpan.FromSeconds(5))));
        Channel again = fleet.AddAgain(options);
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(again, 10);
        Assert.That(removed, Is.All.True);
        Assert.That(again.Archive!.IsUp, Is.True, "the folder was released once");
    }

    [Test]
    public void A_channel_that_is_added_during_the_stop_is_refused_and_holds_no_port()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("late");
        fleet.Stop();
        Assert.That(() => fleet.Supervisor.Add(options), Throws.InstanceOf<OperationCanceledException>());
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.That(() => free.Bind(new IPEndPoint(IPAddress.Loopback, options.Port)), Throws.Nothing);
    }

    [Test]
    public async Task A_hanging_writer_counts_for_the_removed_channel_and_not_for_its_successor()
    {
        using var files = new SlowFiles();
        using var fleet = new Fleet(files: files);
        ChannelOptions options = fleet.Options("alpha");
        Channel first = fleet.Supervisor.Add(options);
        Eventually.True(() => first.Archive is not null, "the writer runs");
        files.Gate.Reset();
        fleet.SendRecords(options, 0, 10);
        Eventually.True(() => files.Waiting > 0 && first.Counters.Snapshot().Receive.Received == 10, "the writer hangs");
        await fleet.Supervisor.RemoveAsync("alpha", TimeSpan.FromMilliseconds(50));
        Channel second = fleet.AddAgain(options);
        fleet.SendRecords(options, 10, 20);
        Eventually.True(() => second.Counters.Snapshot().Receive.Received == 20, "the new channel receives");
        files.Gate.Set();

        LedgerSnapshot before = Fleet.Settled(first, 10), after = Fleet.Settled(second, 20);
        fleet.Stop();
        // The first writer holds the folder until it ends. Datagrams before that may count as dropped for the disk.
        Assert.That(fleet.Archived("alpha"), Is.Ordered.And.Unique.And.Count.EqualTo(before.Writer.Archived + after.Writer.Archived));
        Fleet.AssertLedger(first);
        Fleet.AssertLedger(second);
    }
}
