using System.Net;
using System.Net.Sockets;

namespace SpeedData.Tests.Support;

/// <summary>
/// Free ports that no other test of this process gets. They are below the kernel's ephemeral ports, so that no socket without a
/// port of its own takes them before the server under test does.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000, End = 25_000;

    private static int _next = Random.Shared.Next(First, End);

    public static int Take(SocketType type, ProtocolType protocol, IPAddress address)
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % (End - First));
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            try
            {
                socket.Bind(new IPEndPoint(address, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The port is taken; tries the next one.
            }
        }
    }
}
