using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Relay;

/// <summary>With TTL 0, no datagram leaves the host, whatever the network does, and local receivers get all datagrams.</summary>
[Platform("Linux")]
public sealed unsafe class TtlZeroTests
{
    private const int Datagrams = 10, Bytes = 200, Port = 6000;

    private static readonly IPAddress Group = IPAddress.Parse("239.1.1.1");
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.1");

    private static readonly Listener[] Listeners =
    [
        new("nobody", null),
        new("one joined by address of eth0", s => Join(s, Here)),
        new("one joined on lo", s => Join(s, IPAddress.Loopback)),
        new("one joined without an interface", s => Join(s, IPAddress.Any)),
        new("one that hears its own groups only", s => { s.SetRawSocketOption(0, 49, BitConverter.GetBytes(0)); Join(s, Here); }),
        new("one joined for a single source", s => s.SetRawSocketOption(0, 39, [.. Group.GetAddressBytes(), .. Here.GetAddressBytes(), .. Here.GetAddressBytes()])),
        new("one joined by index, as Java does", s => { s.SetRawSocketOption(0, 49, BitConverter.GetBytes(0)); s.SetRawSocketOption(0, 35, [.. Group.GetAddressBytes(), 0, 0, 0, 0, .. BitConverter.GetBytes(IndexOf("eth0"))]); }),
    ];

    private static readonly string[] Ways = ["one at a time", "several a call", "segmented", "System.Net.Sockets"];

    private static IEnumerable<TestCaseData> Cells() =>
        from listener in Listeners
        from way in Ways
        from configured in new[] { null, "eth0" }
        select new TestCaseData(listener, way, configured).SetArgDisplayNames(listener.Name, way, configured ?? "by route");

    [TestCaseSource(nameof(Cells))]
    public void Nothing_is_on_the_wire_and_a_local_receiver_misses_nothing(object listener, string way, string? configured) => Wire.Run(1, wire =>
    {
        var kind = (Listener)listener;
        Wire.Ip("route add default via 10.0.0.2");
        using Socket? receiver = kind.Prepare is { } prepare ? Receiver(prepare) : null;
        using IDatagramSender sender = Open(way, configured);

        SendTally tally = Send(sender, way);

        Assert.Multiple(() =>
        {
            Assert.That(wire.TakeMulticast(), Is.Empty, "on the wire");
            Assert.That(tally, Is.EqualTo(new SendTally(Datagrams, 0)));
            Assert.That(receiver?.TakeQueued().Count ?? Datagrams, Is.EqualTo(Datagrams), "received");
        });
    });

    [TestCaseSource(nameof(Ways))]
    public void Without_a_route_the_stream_uses_the_loopback(string way) => Wire.Run(1, wire =>
    {
        using Socket receiver = Receiver(s => Join(s, IPAddress.Loopback));
        using IDatagramSender sender = Open(way, null);

        SendTally tally = Send(sender, way);

        Assert.Multiple(() =>
        {
            Assert.That(wire.TakeMulticast(), Is.Empty, "on the wire");
            Assert.That(tally, Is.EqualTo(new SendTally(Datagrams, 0)));
            Assert.That(receiver.TakeQueued(), Has.Count.EqualTo(Datagrams));
        });
    });

    [TestCaseSource(nameof(Ways))]
    public void Whatever_happens_to_the_interface_nothing_is_on_the_wire(string way) => Wire.Run(2, wire =>
    {
        Wire.Ip("route add default via 10.0.0.2");
        using IDatagramSender sender = Open(way, null);
        string[] changes =
        [
            "addr flush dev eth0", "addr add 10.0.0.1/24 dev eth0", "route add default via 10.0.0.2",
            "link set eth0 down", "link set eth0 up", "route replace default via 10.0.1.2", "addr add 10.0.0.3/24 dev eth0", "addr del 10.0.0.1/24 dev eth0",
            "link del eth0",
        ];
        foreach (string change in changes)
        {
            Wire.Ip(change);
            Send(sender, way);
            Assert.That(wire.TakeMulticast(), Is.Empty, $"on the wire after: ip {change}");
        }
    });

    [Test]
    public void A_stream_with_a_TTL_leaves_the_host() => Wire.Run(1, wire =>
    {
        Wire.Ip("route add default via 10.0.0.2");
        using IDatagramSender sender = Open(Ways[0], null, ttl: 1);
        Send(sender, Ways[0]);
        Assert.That(wire.TakeMulticast(), Is.EqualTo(new Dictionary<int, int> { [1] = Datagrams }), "shows that the capture works");
    });

    private static IDatagramSender Open(string way, string? configured, int ttl = 0)
    {
        StreamSocket socket = StreamSocket.Open("FullRate", new StreamOptions { Address = Group, Port = Port, Interface = configured, Ttl = ttl });
        return way switch
        {
            "System.Net.Sockets" => new SocketsSender(socket),
            "segmented" => new BatchedSender(socket, () => null),
            _ => new BatchedSender(socket, () => "not in this test"),
        };
    }

    private static SendTally Send(IDatagramSender sender, string way)
    {
        var payload = new byte[Datagrams * Bytes];
        var tally = default(SendTally);
        fixed (byte* first = payload)
        {
            for (int i = 0; i < Datagrams; i++)
            {
                sender.Add(first + (i * Bytes), Bytes, Bytes);
                if (way == "one at a time")
                    tally += sender.Flush();
            }

            tally += sender.Flush();
        }

        return tally;
    }

    private static Socket Receiver(Action<Socket> prepare)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, Port));
        prepare(socket);
        return socket;
    }

    private static void Join(Socket socket, IPAddress on) =>
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group, on));

    private static int IndexOf(string name) =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().First(i => i.Name == name).GetIPProperties().GetIPv4Properties().Index;

    private sealed record Listener(string Name, Action<Socket>? Prepare);
}
