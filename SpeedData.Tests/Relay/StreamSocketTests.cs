using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Relay;
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
    public void The_buffer_granted_is_told_without_the_kernel_s_doubling()
    {
        using StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = IPAddress.Loopback, Port = 9, BufferBytes = 128 << 10 });
        Assert.That(socket.GrantedBufferBytes, Is.EqualTo(128 << 10));
    }
}
