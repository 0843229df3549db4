using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

[Platform("Linux")]
public sealed unsafe class BatchedSenderTests : SenderContract
{
    protected override IDatagramSender Create(StreamSocket socket) => new BatchedSender(socket, () => null);

    [Test]
    public void Neighbours_of_one_size_are_sent_as_one_message_of_at_most_64_datagrams()
    {
        using ReceiveSocket socket = ReceiveSocket.Open(new ReceiveOptions { Address = IPAddress.Loopback }, 0);
        using var batched = new BatchedReceiver(socket, new WakeDemand(1));
        IDatagramSender sender = Open(IPAddress.Loopback, socket.Socket.Port());
        fixed (byte* p = new byte[200 * 50])
        {
            // Sends every second datagram, so that the pieces do not touch.
            for (int i = 0; i < 100; i++)
                sender.Add(p + (i * 100), 50, 50);
            sender.Add(p, 20, 20);
            sender.Add(p, 50, 50);
            Assert.That(sender.Flush(), Is.EqualTo(new SendTally(102, 0)));
        }

        var counts = new List<int>();
        foreach (ref readonly Burst burst in batched.Receive(Timeout.InfiniteTimeSpan))
            counts.Add(burst.Count);
        Assert.That(counts, Is.EqualTo(new[] { 64, 37, 1 }), "the shorter one ends its message");
    }
}
