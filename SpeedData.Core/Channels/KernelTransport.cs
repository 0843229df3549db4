using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;

namespace SpeedData.Core.Channels;

/// <summary>Opens the kernel's sockets: batched if this machine can, otherwise one datagram per call.</summary>
public sealed class KernelTransport : ITransport
{
    private readonly QueueWatch _queues = new();
    private readonly WakeDemand _demand = new(Environment.ProcessorCount);
    private readonly bool _canBatch;

    public KernelTransport()
    {
        Lack = WhyNotBatched();
        _canBatch = Lack is null;
    }

    /// <summary>Why this machine cannot batch; null if it can. It is reported once.</summary>
    public string? Lack { get; }

    public IDatagramReceiver OpenReceiver(ChannelOptions channel, IDatagramReceiver? predecessor)
    {
        bool batches = Batches(channel);
        ReceiveSocket socket = ReceiveSocket.Open(channel.Receive, channel.Port, predecessor?.ReceiveSocket);
        try
        {
            return batches ? new BatchedReceiver(socket, _demand) : new SocketsReceiver(socket);
        }
        catch
        {
            // For example, no descriptor is left for the socket that wakes the receiver.
            socket.Dispose();
            throw;
        }
    }

    public IDatagramSender OpenSender(ChannelOptions channel, string stream, StreamOptions options) => Batches(channel)
        ? new BatchedSender(StreamSocket.Open(stream, options), () => _queues.WhyNot)
        : new SocketsSender(StreamSocket.Open(stream, options));

    /// <summary>Frees the queues. No sender may be in use any more.</summary>
    public void Dispose() => _queues.Dispose();

    private bool Batches(ChannelOptions channel) => channel.Receive.Transport switch
    {
        ReceiveTransport.Sockets => false,
        ReceiveTransport.Batched when !_canBatch => throw new ChannelSetupException($"Receive:Transport = Batched: {Lack}; use Auto or Sockets"),
        _ => _canBatch,
    };

    private static string? WhyNotBatched()
    {
        if (!OperatingSystem.IsLinux())
            return "only Linux has recvmmsg and UDP_GRO";
        if (!Environment.Is64BitProcess || !BitConverter.IsLittleEndian)
            return "this build supports batches only on 64-bit little-endian Linux";
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            RawOptions.ReceiveCoalesced(socket);
            RawOptions.ReceiveTimes(socket);
            RawOptions.ProbeSegmentation(socket);
            return null;
        }
        catch (SocketException e)
        {
            return $"the kernel lacks UDP_GRO (Linux 5.0) or UDP_SEGMENT (4.18): {e.Message}";
        }
    }
}
