using System.Diagnostics;
using System.Globalization;
using System.Net;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>Changes to a channel while its disk does not answer or its interface comes and goes.</summary>
[Platform("Linux")]
public sealed class ChangesUnderTroubleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Test]
    public void Adding_changing_and_removing_channels_never_waits_for_a_disk_that_does_not_answer()
    {
        using var fleet = new Fleet();
        Directory.CreateDirectory(fleet.AvroPath);
        string other = Path.ChangeExtension(fleet.SchemaPath, ".other.avsc");
        File.WriteAllText(other, Records.Schema + " ");
        ChannelOptions first = fleet.Options("alpha");
        Func<ChannelOptions, ChannelOptions>[] changes =
        [
            c => c with { Archive = c.Archive with { Codec = ArchiveCodec.Deflate } },
            c => c with { Ring = new RingOptions { Bytes = 1 << 20 } },
            c => c with { Archive = c.Archive with { RetainFor = TimeSpan.FromHours(5) } },
            c => c with { SchemaPath = other },
            c => c with { Port = Udp.FreePort() },
            c => c with { Archive = c.Archive with { Enabled = false } },
            c => c with { Archive = c.Archive with { Enabled = true } },
        ];
        HangingDisk.Run(fleet.AvroPath, () =>
        {
            ChannelOptions now = first;
            Within(Soon, "added", () => fleet.Supervisor.Add(now));
            fleet.SendRecords(now, 0, 10);
            Eventually.True(() => fleet.Supervisor.Channels[0].Counters.Snapshot().Receive.Received == 10, "the channel receives");
            foreach (Func<ChannelOptions, ChannelOptions> change in changes)
            {
                now = change(now);
                Within(Soon, now.ToString(), () => fleet.Supervisor.ChangeAsync(now).Wait());
            }

            Within(Soon, "removed", () => fleet.Supervisor.RemoveAsync("alpha", TimeSpan.FromMilliseconds(100)).Wait());
        });
    }

    [Test]
    public void Datagrams_that_arrive_while_the_queue_of_the_old_socket_is_read_go_to_the_new_socket([Values] bool isGroup, [Values] ReceiveTransport transport)
    {
        using var drain = new HeldDrain();
        using var fleet = new Fleet(drain.Transport);
        ChannelOptions options = InGroup(fleet.Options("alpha"), isGroup);
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(channel, 10);

        Task change = fleet.Supervisor.ChangeAsync(options with { Receive = options.Receive with { Transport = transport, BufferBytes = 1 << 20 } });
        drain.UntilHeld();
        fleet.SendRecords(options, 10, 1000);
        drain.Release();

        Assert.That(change.Wait(10_000), Is.True);
        Fleet.Settled(channel, 1010);
        fleet.Stop();
        Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 1010)));
        Assert.That(drain.Transport.Open, Is.Zero);
    }

    [Test]
    public void A_stop_while_a_socket_is_replaced_also_drains_the_new_socket()
    {
        using var drain = new HeldDrain();
        using var fleet = new Fleet(drain.Transport);
        ChannelOptions options = fleet.Options("alpha");
        fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(fleet.Supervisor.Channels[0], 10);

        _ = fleet.Supervisor.ChangeAsync(options with { Receive = options.Receive with { BufferBytes = 1 << 20 } });
        drain.UntilHeld();
        fleet.SendRecords(options, 10, 100);
        Task<bool> stop = Task.Run(() => fleet.Stop());
        drain.Release();

        Assert.That(stop.Result, Is.True, "drained in time");
        Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 110)));
        Assert.That(drain.Transport.Open, Is.Zero);
    }

    [Test]
    public void A_new_socket_that_cannot_be_opened_yet_is_opened_once_the_old_one_is_closed()
    {
        using var drain = new HeldDrain();
        using var fleet = new Fleet(drain.Transport);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        int opens = 0;
        drain.Transport.OnOpen = _ =>
        {
            if (Interlocked.Increment(ref opens) == 1)
                throw new ChannelSetupException("no descriptor is left");
        };

        Task change = fleet.Supervisor.ChangeAsync(options with { Receive = options.Receive with { BufferBytes = 1 << 20 } });
        drain.UntilHeld();
        drain.Release();

        Assert.That(change.Wait(10_000), Is.True);
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(channel, 10);
    }

    [Test]
    public void A_change_while_the_interface_flaps_completes_and_the_channel_joins_the_new_interface() => Wire.Run(1, wire =>
    {
        using var fleet = new Fleet();
        // The long delay keeps a timer from retrying: a timer's thread would use the network of the test process.
        ChannelOptions options = fleet.Options("alpha") with { Receive = new ReceiveOptions { Address = IPAddress.Parse("239.5.5.5"), Interface = "eth0" }, Restart = new RestartOptions { InitialDelay = TimeSpan.FromMinutes(1) } };
        Channel channel = fleet.Supervisor.Add(options);
        for (int round = 0; round < 12; round++)
        {
            using Process deleting = Wire.Start("ip", "link", "del", "eth0");
            for (int step = 0; step < 4; step++)
            {
                options = options with { Receive = options.Receive with { BufferBytes = options.Receive.BufferBytes ^ 4096 } };
                Within(TimeSpan.FromSeconds(5), "the change", () => fleet.Supervisor.ChangeAsync(options).Wait());
            }

            deleting.WaitForExit();
            wire.AddInterface(0);
            string index = IndexOf("eth0");
            Eventually.True(() => channel.Parts.Receive is { Up: true, Where: { } where } && where.Contains($"(index {index})", StringComparison.Ordinal), () => $"joined on index {index}: {channel.Parts.Receive}", seconds: 3);
        }
    });

    private static ChannelOptions InGroup(ChannelOptions options, bool isGroup) =>
        isGroup ? options with { Receive = options.Receive with { Address = Udp.FreeGroup(), Interface = "lo" } } : options;

    private static void Within(TimeSpan limit, string what, Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        Assert.That(clock.Elapsed, Is.LessThan(limit), what);
    }

    private static string IndexOf(string name)
    {
        using Process ip = Wire.Start("ip", "-o", "link", "show", name);
        string line = ip.StandardOutput.ReadToEnd();
        ip.WaitForExit();
        return int.Parse(line.Split(':')[0], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
