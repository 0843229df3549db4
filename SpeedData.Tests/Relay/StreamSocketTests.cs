using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

public sealed class StreamSocketTests
{
    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(255, true)]
    public void Hops_and_loopback_are_as_configured(int ttl, bool loopback)
    {
        using StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = Udp.FreeGroup(), Port = 6000, Interface = "127.0.0.1", Ttl = ttl, Loopback = loopback });
        Assert.Multiple(() =>
        {
            Assert.That(socket.Socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive), Is.EqualTo(ttl));
            Assert.That(Convert.ToBoolean(socket.Socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback)), Is.EqualTo(loopback));
            Assert.That(socket.Socket.Blocking, Is.False);
        });
    }

    [Test]
    public void By_default_nothing_leaves_the_host() =>
        Assert.That(new StreamOptions { Address = IPAddress.Loopback, Port = 1 }.Ttl, Is.Zero);

    [Test]
    public void The_granted_buffer_is_reported_without_the_kernels_doubling()
    {
        using StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = IPAddress.Loopback, Port = 9, BufferBytes = 128 << 10 });
        Assert.That(socket.GrantedBufferBytes, Is.EqualTo(128 << 10));
    }

    [Test]
    public void On_a_host_without_any_route_a_group_is_reached_over_loopback() => OwnNetwork.Run(() =>
    {
        IPAddress group = IPAddress.Parse("239.1.1.1");
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        receiver.Bind(new IPEndPoint(IPAddress.Any, 6000));
        receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, IPAddress.Loopback));
        using StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = group, Port = 6000 });
        socket.Socket.Send([1, 2, 3]);

        Assert.Multiple(() =>
        {
            Assert.That(receiver.Receive(new byte[16]), Is.EqualTo(3));
            Assert.That(socket.Way!.HasMoved(NetworkSnapshot.Now()), Is.False);
        });
    });

    [Test]
    public void A_stream_has_moved_once_the_routing_table_sends_it_from_another_address() => OwnNetwork.Run(() =>
    {
        // A local destination is routed over the loopback, from the loopback's first address.
        using StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = IPAddress.Parse("127.0.0.9"), Port = 6000 });
        bool before = socket.Way!.HasMoved(NetworkSnapshot.Now());
        OwnNetwork.SetLoopbackAddress(IPAddress.Parse("127.0.0.7"));

        Assert.That((before, socket.Way.HasMoved(NetworkSnapshot.Now())), Is.EqualTo((false, true)));
    });
}
