using System.Net.Sockets;

namespace SpeedData.Core.Sockets;

/// <summary>Requests socket buffers and returns the granted size.</summary>
internal static class SocketBuffers
{
    /// <returns>The granted size in bytes.</returns>
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

    /// <summary>Corrects Linux's answer, which is twice the granted size: the other half is for its own bookkeeping (socket(7)).</summary>
    private static int Granted(int answer) => OperatingSystem.IsLinux() ? answer / 2 : answer;
}
