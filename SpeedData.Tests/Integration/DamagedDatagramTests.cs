using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server receives datagrams with a wrong checksum.</summary>
[Platform("Linux")]
public sealed class DamagedDatagramTests
{
    private const int HeaderBytes = 8;

    [TestCase(300)]
    public void The_log_names_the_damage_and_advises_no_larger_buffer(int bytes) => OwnNetwork.Run(() =>
    {
        using var server = new ServerProcess();
        server.Start();
        server.UntilItRelays();
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp);
        for (int i = 0; i < 20; i++)
            raw.SendTo(Damaged(bytes, server.Port), new IPEndPoint(IPAddress.Loopback, 0));
        server.Relay(10);
        server.UntilLogged("damaged (wrong checksum; 20 on the host");

        Assert.Multiple(() =>
        {
            Assert.That(server.Log, Has.None.Contains("may help"));
            Assert.That(server.Stop(), Is.Zero);
        });
    });

    private static byte[] Damaged(int bytes, int port)
    {
        var datagram = new byte[HeaderBytes + bytes];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, 9);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), 0xBAD);
        return datagram;
    }
}
