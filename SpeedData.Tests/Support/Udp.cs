using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>Ports, senders and receivers on loopback that share no code with SpeedData.</summary>
internal static class Udp
{
    private static int _nextGroup = Random.Shared.Next(1, 60_000);

    /// <summary>Finds a UDP port that is free on loopback and on all addresses.</summary>
    public static int FreePort() => Support.FreePort.Take(SocketType.Dgram, ProtocolType.Udp, IPAddress.Any);

    /// <summary>Finds a group that no other test of this process uses (239.192.0.0/14, organization-local scope, RFC 2365).</summary>
    public static IPAddress FreeGroup()
    {
        int n = Interlocked.Increment(ref _nextGroup) & 0xFFFF;
        return new IPAddress([239, 193, (byte)(n >> 8), (byte)n]);
    }

    /// <summary>Opens a socket that sends from a loopback address; multicast leaves through loopback.</summary>
    public static Socket Sender(string from = "127.0.0.1")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Parse(from).GetAddressBytes());
        return socket;
    }

    /// <summary>Opens a receiver on an address, with a large buffer. A group is joined on loopback.</summary>
    public static Socket Receiver(IPAddress address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, ReceiveTimeout = 10_000 };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address, port));
        if ((address.GetAddressBytes()[0] & 0xF0) == 0xE0)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(address, IPAddress.Loopback));
        return socket;
    }

    /// <summary>Opens a receiver on every address that joins the group on the interface of the route.</summary>
    public static Socket Member(string group, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(group), IPAddress.Any));
        return socket;
    }

    /// <summary>Drops the queued datagrams and waits up to 10 s for the next one.</summary>
    public static bool UntilOneComes(this Socket socket)
    {
        socket.TakeQueued();
        return socket.Poll(10_000_000, SelectMode.SelectRead);
    }

    /// <summary>Receives the next <paramref name="count"/> datagrams; fails if one does not arrive within 10 s.</summary>
    public static List<byte[]> Take(this Socket socket, int count)
    {
        var taken = new List<byte[]>(count);
        var buffer = new byte[65536];
        while (taken.Count < count)
            taken.Add(buffer[..socket.Receive(buffer)]);
        return taken;
    }

    /// <summary>Receives all datagrams that are queued.</summary>
    public static List<byte[]> TakeQueued(this Socket socket)
    {
        var taken = new List<byte[]>();
        var buffer = new byte[65536];
        while (socket.Poll(0, SelectMode.SelectRead))
            taken.Add(buffer[..socket.Receive(buffer)]);
        return taken;
    }

    public static int Port(this Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
