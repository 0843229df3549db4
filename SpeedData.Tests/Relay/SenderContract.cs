using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

/// <summary>Tests that every sender must pass.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract unsafe class SenderContract
{
    private readonly List<IDisposable> _open = [];

    protected abstract IDatagramSender Create(StreamSocket socket);

    [TearDown]
    public void Close() => _open.ForEach(o => o.Dispose());

    [Test]
    public void A_burst_is_sent_as_its_datagrams()
    {
        Socket receiver = Own(Udp.Receiver(IPAddress.Loopback, 0));
        IDatagramSender sender = Open(IPAddress.Loopback, receiver.Port());
        byte[] burst = [.. Enumerable.Range(0, 250).Select(i => (byte)i)];

        SendTally tally = Send(sender, burst, 100);

        Assert.Multiple(() =>
        {
            Assert.That(tally, Is.EqualTo(new SendTally(3, 0)));
            Assert.That(receiver.Take(3), Is.EqualTo(new[] { burst[..100], burst[100..200], burst[200..] }));
        });
    }

    [Test]
    public void Bursts_of_many_sizes_are_sent_in_order()
    {
        Socket receiver = Own(Udp.Receiver(IPAddress.Loopback, 0));
        IDatagramSender sender = Open(IPAddress.Loopback, receiver.Port());
        var random = new Random(7);
        var expected = new List<byte[]>();
        var payload = new byte[200_000];
        random.NextBytes(payload);
        fixed (byte* p = payload)
        {
            int at = 0;
            for (int i = 0; i < 300; i++)
            {
                int size = 1 + random.Next(i % 3 == 0 ? 20 : 3) * 40, count = 1 + random.Next(4), length = (size * (count - 1)) + 1 + random.Next(size);
                sender.Add(p + at, length, size);
                for (int o = 0; o < length; o += size)
                    expected.Add(payload[(at + o)..(at + Math.Min(length, o + size))]);
                at += length;
            }

            Assert.That(sender.Flush(), Is.EqualTo(new SendTally(expected.Count, 0)));
        }

        Assert.That(receiver.Take(expected.Count), Is.EqualTo(expected));
    }

    [Test]
    public void A_group_is_reached_through_the_interface_that_is_named()
    {
        IPAddress group = Udp.FreeGroup();
        Socket receiver = Own(Udp.Receiver(group, 0));
        IDatagramSender sender = Open(group, receiver.Port(), "127.0.0.1");
        Send(sender, [1, 2, 3], 3);
        Assert.That(receiver.Take(1), Is.EqualTo(new[] { new byte[] { 1, 2, 3 } }));
    }

    [Test]
    public void Datagrams_to_an_absent_unicast_receiver_count_as_errors_and_later_ones_arrive()
    {
        int port = Udp.FreePort();
        IDatagramSender sender = Open(IPAddress.Loopback, port);
        SendTally into = default;
        for (int i = 0; i < 100; i++)
            into += Send(sender, [0], 1);
        using Socket receiver = Udp.Receiver(IPAddress.Loopback, port);
        SendTally tally = Send(sender, [1], 1);
        Assert.Multiple(() =>
        {
            Assert.That(into, Is.EqualTo(new SendTally(0, 100)));
            Assert.That(sender.Unreachable?.Why, Does.Contain($"nobody listens there on port {port}"));
            Assert.That(tally, Is.EqualTo(new SendTally(0, 1)), "counts as an error until two seconds have passed without one");
            Assert.That(receiver.Take(1), Is.EqualTo(new[] { new byte[] { 1 } }));
        });
    }

    [Test]
    public void A_burst_without_a_receiver_counts_completely_as_errors()
    {
        IDatagramSender sender = Open(IPAddress.Loopback, Udp.FreePort());
        Assert.That(Send(sender, new byte[5000], 100), Is.EqualTo(new SendTally(0, 50)));
    }

    [Test]
    public void Two_seconds_without_an_error_the_receiver_is_trusted_again()
    {
        int port = Udp.FreePort();
        IDatagramSender sender = Open(IPAddress.Loopback, port);
        Send(sender, [0], 1);
        using Socket receiver = Udp.Receiver(IPAddress.Loopback, port);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Eventually.True(() => Send(sender, [1], 1).Sent == 1, "datagrams count as sent again");
        Assert.Multiple(() =>
        {
            Assert.That(clock.Elapsed.TotalSeconds, Is.InRange(1.9, 3));
            Assert.That(sender.Unreachable, Is.Null);
        });
    }

    [Test]
    public void Without_sending_a_silent_period_does_not_restore_trust()
    {
        IDatagramSender sender = Open(IPAddress.Loopback, Udp.FreePort());
        Send(sender, [0], 1);
        Assert.That(() => sender.Unreachable, Is.Not.Null.After(2500));
    }

    [Test]
    [Platform("Linux")]
    public void A_broadcast_address_is_a_destination()
    {
        Socket receiver = Own(Udp.Receiver(IPAddress.Any, 0));
        IDatagramSender sender = Open(IPAddress.Parse("127.255.255.255"), receiver.Port());
        Assert.That(Send(sender, [1], 1), Is.EqualTo(new SendTally(1, 0)));
        Assert.That(receiver.Take(1), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_datagram_too_large_for_udp_is_counted_and_the_next_one_is_sent()
    {
        Socket receiver = Own(Udp.Receiver(IPAddress.Loopback, 0));
        IDatagramSender sender = Open(IPAddress.Loopback, receiver.Port());
        Assert.That(Send(sender, new byte[65_520], 65_520), Is.EqualTo(new SendTally(0, 1)));
        Assert.That(Send(sender, [5], 1), Is.EqualTo(new SendTally(1, 0)));
        Assert.That(receiver.Take(1), Is.EqualTo(new[] { new byte[] { 5 } }));
    }

    [Test]
    public void A_flush_without_datagrams_reports_nothing()
    {
        IDatagramSender sender = Open(IPAddress.Loopback, Udp.FreePort());
        Assert.That(sender.Flush(), Is.EqualTo(default(SendTally)));
    }

    [Test]
    public void An_absent_interface_is_reported_with_its_key() =>
        Assert.That(() => StreamSocket.Open("Decimated", new StreamOptions { Address = Udp.FreeGroup(), Port = 1, Interface = "nosuch0" }).Dispose(),
            Throws.TypeOf<ChannelSetupException>().With.Message.Contains("Decimated:Interface = nosuch0"));

    [Test]
    public void Sending_allocates_nothing()
    {
        Socket receiver = Own(Udp.Receiver(IPAddress.Loopback, 0));
        IDatagramSender sender = Open(IPAddress.Loopback, receiver.Port());
        fixed (byte* p = new byte[1000])
        {
            Repeat(p, 50);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(p, 500);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }

        void Repeat(byte* payload, int times)
        {
            for (int i = 0; i < times; i++)
            {
                sender.Add(payload, 1000, 100);
                sender.Add(payload, 50, 50);
                sender.Flush();
            }
        }
    }

    protected static SendTally Send(IDatagramSender sender, byte[] payload, int segmentSize)
    {
        fixed (byte* p = payload)
        {
            sender.Add(p, payload.Length, segmentSize);
            return sender.Flush();
        }
    }

    protected IDatagramSender Open(IPAddress address, int port, string? way = null) =>
        Own(Create(StreamSocket.Open("FullRate", new StreamOptions { Address = address, Port = port, Interface = way })));

    protected T Own<T>(T open)
        where T : IDisposable
    {
        _open.Add(open);
        return open;
    }
}
