using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Receive;

/// <summary>Tests that every receiver must pass.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class ReceiverContract
{
    private readonly List<IDisposable> _open = [];

    protected abstract IDatagramReceiver Create(ReceiveSocket socket);

    [TearDown]
    public void Close() => _open.ForEach(o => o.Dispose());

    [TestCase(1)]
    [TestCase(256)]
    [TestCase(1473)]
    [TestCase(65_507)]
    public void A_datagram_arrives_completely_with_its_sender_and_its_time(int size)
    {
        (IDatagramReceiver receiver, int port) = Open();
        Socket sender = Own(Udp.Sender("127.0.0.2"));
        byte[] sent = new byte[size];
        new Random(size).NextBytes(sent);

        long before = UnixNanoseconds();
        sender.SendTo(sent, new IPEndPoint(IPAddress.Loopback, port));
        ReadOnlySpan<Burst> bursts = receiver.Receive(Timeout.InfiniteTimeSpan);
        long after = UnixNanoseconds();

        Burst burst = bursts[0];
        byte[] received = burst.Bytes.ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(received, Is.EqualTo(sent));
            Assert.That(burst.Count, Is.EqualTo(1));
            Assert.That(burst.Source, Is.EqualTo(0x7F000002u));
            Assert.That((int)burst.SourcePort, Is.EqualTo(sender.Port()));
            // .NET's clock has ticks of 100 ns.
            Assert.That(burst.ReceiveTimeNs, Is.InRange(before - 1000, after + 1000));
        });
    }

    [Test]
    public void An_empty_datagram_is_one_datagram_of_no_bytes()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Own(Udp.Sender()).SendTo([], new IPEndPoint(IPAddress.Loopback, port));
        ReadOnlySpan<Burst> bursts = receiver.Receive(Timeout.InfiniteTimeSpan);
        Assert.That((bursts.Length, bursts[0].Length, bursts[0].Count), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public void Datagrams_of_mixed_sizes_arrive_in_order_with_their_own_lengths()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Socket sender = Own(Udp.Sender());
        var sent = new List<byte[]>();
        for (int i = 0; i < 500; i++)
        {
            sent.Add([.. BitConverter.GetBytes(i), .. new byte[i % 7 * 100]]);
            sender.SendTo(sent[i], new IPEndPoint(IPAddress.Loopback, port));
        }

        List<byte[]> received = Take(receiver, sent.Count);
        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public void A_wait_without_datagrams_can_be_ended()
    {
        (IDatagramReceiver receiver, _) = Open();
        Task<int> waiting = Task.Run(() => receiver.Receive(Timeout.InfiniteTimeSpan).Length);
        receiver.EndWaiting();
        Assert.That(waiting.WaitAsync(TimeSpan.FromSeconds(10)).Result, Is.Zero);
    }

    [Test]
    public void A_wait_with_a_timeout_returns_nothing_if_nothing_arrives()
    {
        (IDatagramReceiver receiver, _) = Open();
        long start = Stopwatch.GetTimestamp();
        TimeSpan limit = TimeSpan.FromMilliseconds(30);
        Assert.That(receiver.Receive(limit).Length, Is.Zero);
        Assert.That(Stopwatch.GetElapsedTime(start), Is.GreaterThanOrEqualTo(limit - TimeSpan.FromMicroseconds(1)));
    }

    [Test]
    public void A_wait_with_a_timeout_returns_datagrams_that_arrive_in_time()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Task<int> waiting = Task.Run(() => receiver.Receive(TimeSpan.FromMinutes(5)).Length);
        Own(Udp.Sender()).SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(waiting.WaitAsync(TimeSpan.FromSeconds(10)).Result, Is.EqualTo(1));
    }

    [Test]
    public void A_wait_with_a_timeout_can_be_ended_and_later_calls_do_not_wait()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Task<int> waiting = Task.Run(() => receiver.Receive(TimeSpan.FromMinutes(5)).Length);
        receiver.EndWaiting();
        Assert.That(waiting.WaitAsync(TimeSpan.FromSeconds(10)).Result, Is.Zero);
        Own(Udp.Sender()).SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(receiver.Receive(TimeSpan.FromMinutes(5)).Length, Is.EqualTo(1));
        Assert.That(receiver.Receive(TimeSpan.FromMinutes(5)).Length, Is.Zero);
    }

    [Test]
    public void A_timeout_of_zero_returns_the_queued_datagrams()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Assert.That(receiver.Receive(TimeSpan.Zero).Length, Is.Zero);
        Own(Udp.Sender()).SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(receiver.Receive(TimeSpan.Zero).Length, Is.EqualTo(1));
    }

    [Test]
    public void After_waiting_was_ended_no_call_waits_and_queued_datagrams_are_still_read()
    {
        (IDatagramReceiver receiver, int port) = Open();
        receiver.EndWaiting();
        Assert.That(receiver.Receive(Timeout.InfiniteTimeSpan).Length, Is.Zero);
        Own(Udp.Sender()).SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        Assert.That(receiver.Receive(Timeout.InfiniteTimeSpan).Length, Is.EqualTo(1));
        Assert.That(receiver.Receive(Timeout.InfiniteTimeSpan).Length, Is.Zero);
    }

    [Test]
    public void After_a_stop_queued_datagrams_can_be_read_and_no_more_arrive()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Socket sender = Own(Udp.Sender());
        var to = new IPEndPoint(IPAddress.Loopback, port);
        for (byte i = 0; i < 100; i++)
            sender.SendTo([i], to);
        receiver.StopAccepting();
        for (byte i = 0; i < 100; i++)
        {
            try
            {
                sender.SendTo([99, i], to);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The socket refuses the datagram as if nobody listened, which is intended.
            }
        }

        var received = new List<byte>();
        for (ReadOnlySpan<Burst> b = receiver.ReceiveQueued(); !b.IsEmpty; b = receiver.ReceiveQueued())
            received.AddRange(Datagrams(b).Select(d => d[0]));
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 100).Select(i => (byte)i)));
    }

    [Test]
    public void Datagrams_of_the_group_arrive_and_those_of_another_group_on_the_same_port_do_not()
    {
        IPAddress mine = Udp.FreeGroup(), other = Udp.FreeGroup();
        (IDatagramReceiver receiver, int port) = Open(new ReceiveOptions { Address = mine, Interface = "127.0.0.1" });
        using Socket neighbour = Udp.Receiver(other, port);
        Socket sender = Own(Udp.Sender());
        sender.SendTo([2], new IPEndPoint(other, port));
        sender.SendTo([1], new IPEndPoint(mine, port));
        Assert.Multiple(() =>
        {
            Assert.That(Take(receiver, 1), Is.EqualTo(new[] { new byte[] { 1 } }));
            Assert.That(receiver.ReceiveQueued().Length, Is.Zero);
            Assert.That(neighbour.Take(1), Is.EqualTo(new[] { new byte[] { 2 } }));
        });
    }

    [Test]
    public void A_source_specific_join_receives_nothing_from_another_source()
    {
        IPAddress group = Udp.FreeGroup();
        (IDatagramReceiver receiver, int port) = Open(new ReceiveOptions { Address = group, Interface = "127.0.0.1", Source = IPAddress.Parse("127.0.0.2") });
        Own(Udp.Sender("127.0.0.1")).SendTo([1], new IPEndPoint(group, port));
        Own(Udp.Sender("127.0.0.2")).SendTo([2], new IPEndPoint(group, port));
        Assert.Multiple(() =>
        {
            Assert.That(Take(receiver, 1), Is.EqualTo(new[] { new byte[] { 2 } }));
            Assert.That(receiver.ReceiveQueued().Length, Is.Zero);
        });
    }

    [Test]
    public void The_kernel_counts_every_datagram_dropped_by_a_full_queue()
    {
        (IDatagramReceiver receiver, int port) = Open(new ReceiveOptions { Address = IPAddress.Loopback, BufferBytes = 16 << 10 });
        Socket sender = Own(Udp.Sender());
        for (int i = 0; i < 1000; i++)
            sender.SendTo(new byte[1000], new IPEndPoint(IPAddress.Loopback, port));
        int received = 0;
        for (ReadOnlySpan<Burst> b = receiver.ReceiveQueued(); !b.IsEmpty; b = receiver.ReceiveQueued())
            received += Datagrams(b).Count;
        Assert.That(receiver.KernelDrops(), Is.EqualTo(1000 - received).And.GreaterThan(0));
    }

    [Test]
    public void A_taken_port_is_reported_with_key_and_value()
    {
        (_, int port) = Open();
        Assert.That(() => ReceiveSocket.Open(new ReceiveOptions { Address = IPAddress.Loopback }, port).Dispose(),
            Throws.TypeOf<ChannelSetupException>().With.Message.Contains($"Port = {port}"));
    }

    [Test]
    [Platform("Linux")]
    public void A_successor_takes_over_the_address_and_then_shares_it_with_nobody()
    {
        (IDatagramReceiver receiver, int port) = Open();
        using Socket sender = Udp.Sender();
        sender.SendTo([1], new IPEndPoint(IPAddress.Loopback, port));
        using ReceiveSocket successor = ReceiveSocket.Open(new ReceiveOptions { Address = IPAddress.Loopback }, port, receiver.ReceiveSocket);
        sender.SendTo([2], new IPEndPoint(IPAddress.Loopback, port));
        Assert.Multiple(() =>
        {
            Assert.That(Datagrams(receiver.ReceiveQueued()).Select(d => d[0]), Is.EqualTo(new[] { 1 }));
            Assert.That(successor.Socket.TakeQueued().Select(d => d[0]), Is.EqualTo(new[] { 2 }));
            Assert.That(() => Udp.Receiver(IPAddress.Loopback, port).Dispose(), Throws.TypeOf<SocketException>());
        });
    }

    [Test]
    public void An_absent_interface_is_reported_with_the_existing_ones() =>
        Assert.That(() => ReceiveSocket.Open(new ReceiveOptions { Address = Udp.FreeGroup(), Interface = "nosuch0" }, 0).Dispose(),
            Throws.TypeOf<ChannelSetupException>().With.Message.Contains("Receive:Interface = nosuch0").And.Message.Contains("lo"));

    [Test]
    public void Receiving_allocates_nothing()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Socket sender = Own(Udp.Sender());
        var to = new IPEndPoint(IPAddress.Loopback, port).Serialize();
        var datagram = new byte[200];
        Exchange(200); // the first pass makes the one-time allocations
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(1000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                sender.SendTo(datagram, SocketFlags.None, to);
                if (receiver.Receive(i % 2 == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(10)).Length != 1)
                    throw new InvalidOperationException("one was sent");
            }
        }
    }

    protected static List<byte[]> Datagrams(ReadOnlySpan<Burst> bursts)
    {
        var all = new List<byte[]>();
        foreach (ref readonly Burst b in bursts)
        {
            for (int i = 0; i < b.Count; i++)
                all.Add(b.Bytes.Slice(i * b.SegmentSize, Math.Min(b.SegmentSize, b.Length - (i * b.SegmentSize))).ToArray());
        }

        return all;
    }

    protected static List<byte[]> Take(IDatagramReceiver receiver, int count)
    {
        var taken = new List<byte[]>();
        while (taken.Count < count)
            taken.AddRange(Datagrams(receiver.Receive(Timeout.InfiniteTimeSpan)));
        return taken;
    }

    protected (IDatagramReceiver Receiver, int Port) Open(ReceiveOptions? options = null)
    {
        ReceiveSocket socket = ReceiveSocket.Open(options ?? new ReceiveOptions { Address = IPAddress.Loopback }, 0);
        return (Own(Create(socket)), socket.Socket.Port());
    }

    protected T Own<T>(T open)
        where T : IDisposable
    {
        _open.Add(open);
        return open;
    }

    private static long UnixNanoseconds() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
}
