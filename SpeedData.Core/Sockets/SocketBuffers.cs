using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>Asks for socket buffers and returns what was granted.</summary>
internal static class SocketBuffers
{
    /// <returns>Bytes granted.</returns>
    public static int Receive(Socket socket, int wanted)
    {
        if (!OperatingSystem.IsLinux() || !RawOptions.TryForceReceiveBuffer(socket, wanted))
            socket.ReceiveBufferSize = wanted;
        return Granted(socket.ReceiveBufferSize);
    }

    /// <inheritdoc cref="Receive"/>
    public static int Send(Socket socket, int wanted)
    {
        if (!OperatingSystem.IsLinux() || !RawOptions.TryForceSendBuffer(socket, wanted))
            socket.SendBufferSize = wanted;
        return Granted(socket.SendBufferSize);
    }

    /// <summary>Linux answers with twice what it granted: the other half is for its own bookkeeping (socket(7)).</summary>
    private static int Granted(int answer) => OperatingSystem.IsLinux() ? answer / 2 : answer;
}
