using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>TCP ports of this host.</summary>
internal static class LocalPort
{
    /// <summary>Finds a free TCP port.</summary>
    public static int Free() => FreePort.Take(SocketType.Stream, ProtocolType.Tcp, IPAddress.Loopback);
}
