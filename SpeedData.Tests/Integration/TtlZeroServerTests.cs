using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SpeedData.Server.Demo;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server with the shipped configuration, while the network of its host flaps. The test watches the wire.</summary>
[Platform("Linux")]
public sealed class TtlZeroServerTests
{
    private const int Port = 26000, DecimatedPort = 6001;

    [Test]
    public void The_demo_sends_nothing_to_the_wire_while_the_network_flaps_and_its_streams_recover() => Wire.Run(2, wire =>
    {
        using var folder = new TempFolder();
        Wire.Ip("route add default via 10.0.0.2");
        using Socket receiver = Udp.Member("239.1.1.2", DecimatedPort);
        using Process server = Wire.Start(Path.Combine(AppContext.BaseDirectory, "SpeedData.Server"), "--demo", "--SpeedData:Storage:AvroPath", folder.Path);
        try
        {
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream at first");
            Change(wire, "addr flush dev eth0");
            Change(wire, "addr add 10.0.0.1/24 dev eth0", "route add default via 10.0.0.2");
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream after the address is back");
            Change(wire, "link set eth0 down");
            Change(wire, "link set eth0 up", "route add default via 10.0.0.2");
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream after the link is back");
            Change(wire, "route replace default via 10.0.1.2");
            Change(wire, "route replace default via 10.0.0.2");
            Assert.That(receiver.UntilOneComes(), Is.True, "the stream after the route is back");
            Change(wire, "link del eth0");
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    });

    /// <summary>Changes the network, sends to the channel while the server reacts, and checks the wire.</summary>
    private static void Change(Wire wire, params string[] commands)
    {
        foreach (string command in commands)
        {
            Wire.Ip(command);
            Load();
            Assert.That(wire.TakeMulticast(), Is.Empty, $"on the wire after: ip {command}");
        }
    }

    private static void Load()
    {
        using Socket sender = Udp.Sender();
        var record = new byte[DemoSignal.MaxBytes];
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 600; i++)
        {
            int length = DemoSignal.Encode(record, i, i, 0);
            sender.SendTo(record.AsSpan(0, length), new IPEndPoint(IPAddress.Loopback, Port));
            while (clock.Elapsed < TimeSpan.FromMilliseconds(i))
                Thread.Yield();
        }
    }
}
