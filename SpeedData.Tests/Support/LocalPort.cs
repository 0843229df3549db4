using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>TCP ports of this host.</summary>
internal static class LocalPort
{
    /// <summary>One that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
