using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Demo;

/// <summary>
/// Sends the records of a demo channel as real datagrams, 100 a second by the clock. After a delay it sends all due records, so none is
/// left out.
/// </summary>
internal sealed class SignalGenerator(ChannelOptions options, DemoRecord record, TimeProvider time, ILogger<SignalGenerator> log)
{
    public const int PerSecond = 100;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1) / PerSecond;
    private static readonly TimeSpan UntilActive = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _buffer = new byte[DemoSignal.MaxBytes];
    private readonly Random _random = new();

    /// <summary>Waits until the channel is active, then sends until it is stopped.</summary>
    public async Task RunAsync(Channel channel, CancellationToken stop)
    {
        try
        {
            while (channel.State.Status != ChannelStatus.Active)
                await Task.Delay(UntilActive, time, stop);
            await SendAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The demo was stopped.
        }
        catch (SocketException e)
        {
            log.LogError("Demo: cannot send to {Destination}: {Error}", Destination(), e.Message);
        }
    }

    /// <summary>Returns the address that reaches the channel from this host.</summary>
    public IPEndPoint Destination() =>
        new(options.Receive.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : options.Receive.Address, options.Port);

    private async Task SendAsync(CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // Affects only multicast groups: their datagrams stay on this host.
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 0);
        SocketAddress destination = Destination().Serialize();
        using var timer = new PeriodicTimer(Turn, time);
        long start = time.GetTimestamp();
        for (int counter = 0; ; await timer.WaitForNextTickAsync(stop))
        {
            int due = 1 + (int)(time.GetElapsedTime(start).TotalSeconds * PerSecond);
            for (; counter < due; counter++)
                Send(socket, destination, counter);
        }
    }

    private void Send(Socket socket, SocketAddress destination, int counter)
    {
        long timeNs = TimeText.NsOf(time.GetUtcNow());
        int length = record.Encode(_buffer, timeNs, counter, _random.NextDouble() - 0.5);
        try
        {
            socket.SendTo(_buffer.AsSpan(0, length), SocketFlags.None, destination);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // An earlier datagram was refused because the channel restarts. The next one may arrive.
        }
    }
}
