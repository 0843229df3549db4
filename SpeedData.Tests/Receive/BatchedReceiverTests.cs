using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Receive;

[Platform("Linux")]
public sealed class BatchedReceiverTests : ReceiverContract
{
    private const int UdpSegment = 103;

    protected override IDatagramReceiver Create(ReceiveSocket socket) => new BatchedReceiver(socket, new WakeDemand(1));

    [Test]
    public void Datagrams_that_were_sent_together_arrive_as_one_burst()
    {
        (IDatagramReceiver receiver, int port) = Open();
        Socket sender = Own(Udp.Sender());
        sender.SetRawSocketOption((int)ProtocolType.Udp, UdpSegment, BitConverter.GetBytes(100));
        byte[] sent = new byte[1050];
        new Random(1).NextBytes(sent);
        sender.SendTo(sent, new IPEndPoint(IPAddress.Loopback, port));

        ReadOnlySpan<Burst> bursts = receiver.Receive(Timeout.InfiniteTimeSpan);

        Assert.That((bursts.Length, bursts[0].Count, bursts[0].SegmentSize), Is.EqualTo((1, 11, 100)));
        byte[] received = bursts[0].Bytes.ToArray();
        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public void A_burst_reports_the_drops_of_a_full_queue_before_it()
    {
        (IDatagramReceiver receiver, int port) = Open(new ReceiveOptions { Address = IPAddress.Loopback, BufferBytes = 4096 });
        Socket sender = Own(Udp.Sender());
        var to = new IPEndPoint(IPAddress.Loopback, port);
        for (int i = 0; i < 300; i++)
            sender.SendTo(new byte[100], to);
        long dropped = receiver.KernelDrops();
        uint beforeFull = 0;
        for (ReadOnlySpan<Burst> queued = receiver.ReceiveQueued(); !queued.IsEmpty; queued = receiver.ReceiveQueued())
            beforeFull = Math.Max(beforeFull, queued[^1].KernelDrops);
        sender.SendTo(new byte[100], to);
        uint afterwards = receiver.Receive(Timeout.InfiniteTimeSpan)[0].KernelDrops;

        Assert.That((beforeFull, (long)afterwards), Is.EqualTo((0, dropped)));
        Assert.That(dropped, Is.Positive);
    }
}
