using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>TCP ports of this host.</summary>
internal static class LocalPort
{
    /// <summary>One that is free.</summary>
    public static int Free() => FreePort.Take(SocketType.Stream, ProtocolType.Tcp, IPAddress.Loopback);
}
