using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Receive;

/// <summary>Which datagrams on one port the kernel separates, and which ones only on request.</summary>
[Platform("Linux")]
public sealed class KeptApartTests
{
    [Test]
    public void A_socket_without_a_group_receives_broadcasts_and_no_group_that_another_socket_joined() => OwnNetwork.Run(() =>
    {
        using ReceiveSocket wildcard = ReceiveSocket.Open(new ReceiveOptions(), 5000);
        using Socket member = Udp.Receiver(IPAddress.Parse("239.2.2.2"), 5001);
        using Socket sender = Udp.Sender();
        sender.EnableBroadcast = true;
        sender.SendTo([1], new IPEndPoint(IPAddress.Parse("239.2.2.2"), 5000));
        sender.SendTo([2], new IPEndPoint(IPAddress.Parse("127.255.255.255"), 5000));
        sender.SendTo([3], new IPEndPoint(IPAddress.Loopback, 5000));
        Assert.That(wildcard.Socket.TakeQueued().Select(d => d[0]), Is.EqualTo(new[] { 2, 3 }));
    });

    [Test]
    public void Two_sockets_separate_two_sources_of_one_group_and_port() => OwnNetwork.Run(() =>
    {
        IPAddress group = IPAddress.Parse("239.2.2.2");
        using ReceiveSocket one = ReceiveSocket.Open(new ReceiveOptions { Address = group, Interface = "lo", Source = IPAddress.Parse("127.0.0.1") }, 5000);
        using ReceiveSocket two = ReceiveSocket.Open(new ReceiveOptions { Address = group, Interface = "lo", Source = IPAddress.Parse("127.0.0.2") }, 5000);
        using Socket first = Udp.Sender("127.0.0.1"), second = Udp.Sender("127.0.0.2");
        first.SendTo([1], new IPEndPoint(group, 5000));
        second.SendTo([2], new IPEndPoint(group, 5000));
        Assert.That((one.Socket.TakeQueued().Single()[0], two.Socket.TakeQueued().Single()[0]), Is.EqualTo((1, 2)));
    });

    [Test]
    public void Two_sockets_separate_two_interfaces_with_one_group_and_port() => Wire.Run(2, wire =>
    {
        IPAddress group = IPAddress.Parse("239.2.2.2");
        using ReceiveSocket one = ReceiveSocket.Open(new ReceiveOptions { Address = group, Interface = "eth0" }, 5000);
        using ReceiveSocket two = ReceiveSocket.Open(new ReceiveOptions { Address = group, Interface = "eth1" }, 5000);
        wire.OnOther("python3", "-c \"import socket as s\nfor i in (0, 1):\n  u = s.socket(s.AF_INET, s.SOCK_DGRAM); u.setsockopt(0, s.IP_MULTICAST_IF, s.inet_aton('10.0.%d.2' % i)); u.sendto(bytes([i]), ('239.2.2.2', 5000))\"");
        Assert.That(one.Socket.Poll(2_000_000, SelectMode.SelectRead) && two.Socket.Poll(2_000_000, SelectMode.SelectRead), Is.True);
        Assert.That((one.Socket.TakeQueued().Single()[0], two.Socket.TakeQueued().Single()[0]), Is.EqualTo((0, 1)));
    });
}
