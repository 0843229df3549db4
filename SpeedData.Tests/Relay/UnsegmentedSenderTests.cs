using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

[Platform("Linux")]
public sealed unsafe class UnsegmentedSenderTests : SenderContract
{
    protected override IDatagramSender Create(StreamSocket socket) => new BatchedSender(socket, () => "a shaper");

    [Test]
    public void Each_datagram_is_a_separate_message_that_a_shaper_sends_or_drops_completely()
    {
        using ReceiveSocket socket = ReceiveSocket.Open(new ReceiveOptions { Address = IPAddress.Loopback }, 0);
        using var receiver = new BatchedReceiver(socket, new WakeDemand(1));
        IDatagramSender sender = Open(IPAddress.Loopback, socket.Socket.Port());
        Assert.That(Send(sender, new byte[500], 50), Is.EqualTo(new SendTally(10, 0)));
        var counts = new List<int>();
        foreach (ref readonly Burst burst in receiver.Receive(Timeout.InfiniteTimeSpan))
            counts.Add(burst.Count);
        Assert.That(counts, Is.EqualTo(Enumerable.Repeat(1, 10)));
    }
}
