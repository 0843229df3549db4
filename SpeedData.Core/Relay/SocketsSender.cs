using System.Net.Sockets;
using SpeedData.Core.Native;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Relay;

/// <summary>The portable sender: System.Net.Sockets, one datagram per call, sent when it is added.</summary>
public sealed unsafe class SocketsSender(StreamSocket socket) : IDatagramSender
{
    private long _sent;
    private long _errors;

    public int GrantedBufferBytes => socket.GrantedBufferBytes;

    public InterfaceBinding? Interface => socket.Way;

    public string? Notice => null;

    public Unreachable? Unreachable => socket.Host?.Unreachable;

    public void Add(byte* payload, int length, int segmentSize)
    {
        for (int at = 0; at < length; at += segmentSize)
            Send(new ReadOnlySpan<byte>(payload + at, Math.Min(segmentSize, length - at)));
    }

    public SendTally Flush()
    {
        var tally = new SendTally(_sent, _errors);
        _sent = _errors = 0;
        return socket.Judge(tally);
    }

    public void Dispose() => socket.Dispose();

    private void Send(ReadOnlySpan<byte> datagram)
    {
        socket.Socket.Send(datagram, SocketFlags.None, out SocketError error);
        // Most of these errors concern an earlier datagram that did not arrive; this one was not tried. The same holds for EINTR.
        if (Told(error) is not 0 and var errno)
            socket.Host?.Note(errno);
        if (Told(error) != 0 || error == SocketError.Interrupted)
            socket.Socket.Send(datagram, SocketFlags.None, out error);
        // Other errors are expected on a live network: EAGAIN (our buffer is full), ENOBUFS (the device's queue is full), EMSGSIZE,
        // EPERM (a firewall), no route. They are counted, never waited for.
        if (error == SocketError.Success)
            _sent++;
        else
            _errors++;
    }

    /// <summary>Returns the errno by which a host is judged; 0 for none.</summary>
    private static int Told(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => Errno.ConnectionRefused,
        SocketError.HostUnreachable => Errno.HostUnreachable,
        SocketError.NetworkUnreachable => Errno.NetUnreachable,
        SocketError.HostDown => Errno.HostDown,
        _ => 0,
    };
}
