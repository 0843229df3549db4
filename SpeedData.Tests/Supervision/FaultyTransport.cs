using System.Collections.Concurrent;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;

namespace SpeedData.Tests.Supervision;

/// <summary>The real sockets, with faults on demand.</summary>
internal sealed class FaultyTransport : ITransport
{
    private readonly KernelTransport _real = new();
    private int _open;

    /// <summary>Called with the channel before its receiver is opened; may throw.</summary>
    public Action<string> OnOpen { get; set; } = _ => { };

    /// <summary>Called before a stream (<c>FullRate</c> or <c>Decimated</c>) is opened; may throw.</summary>
    public Action<string> OnOpenStream { get; set; } = _ => { };

    /// <summary>Number of sockets that were opened, for <c>Receive</c>, <c>FullRate</c> and <c>Decimated</c>.</summary>
    public ConcurrentDictionary<string, int> Opened { get; } = [];

    /// <summary>Number of open sockets.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Called with the channel before every receive call; may throw.</summary>
    public Action<string> OnReceive { get; set; } = _ => { };

    /// <summary>Called before every datagram that is added to a stream; may throw.</summary>
    public Action<string> OnSend { get; set; } = _ => { };

    /// <summary>Called with the channel before the queue of a socket is read; may throw or wait.</summary>
    public Action<string> OnDrain { get; set; } = _ => { };

    public IDatagramReceiver OpenReceiver(ChannelOptions channel, IDatagramReceiver? predecessor)
    {
        OnOpen(channel.Name);
        return new Receiver(Count("Receive", _real.OpenReceiver(channel, predecessor)), () => OnReceive(channel.Name), () => OnDrain(channel.Name), Closed);
    }

    public IDatagramSender OpenSender(ChannelOptions channel, string stream, StreamOptions options)
    {
        OnOpenStream(stream);
        return new Sender(Count(stream, _real.OpenSender(channel, stream, options)), () => OnSend(stream), Closed);
    }

    private T Count<T>(string what, T socket)
    {
        Opened.AddOrUpdate(what, 1, (_, n) => n + 1);
        Interlocked.Increment(ref _open);
        return socket;
    }

    private void Closed() => Interlocked.Decrement(ref _open);

    public void Dispose() => _real.Dispose();

    private sealed class Receiver(IDatagramReceiver real, Action before, Action draining, Action closed) : IDatagramReceiver
    {
        public ReceiveSocket? ReceiveSocket => real.ReceiveSocket;

        public int GrantedBufferBytes => real.GrantedBufferBytes;

        public InterfaceBinding? Interface => real.Interface;

        public ReadOnlySpan<Burst> Receive(TimeSpan timeout)
        {
            ReadOnlySpan<Burst> bursts = real.Receive(timeout);
            before();
            return bursts;
        }

        public ReadOnlySpan<Burst> ReceiveQueued()
        {
            draining();
            return real.ReceiveQueued();
        }

        public void Rejoin() => real.Rejoin();

        public void EndWaiting() => real.EndWaiting();

        public void StopAccepting() => real.StopAccepting();

        public long KernelDrops() => real.KernelDrops();

        public void Dispose()
        {
            real.Dispose();
            closed();
        }
    }

    private sealed unsafe class Sender(IDatagramSender real, Action before, Action closed) : IDatagramSender
    {
        public int GrantedBufferBytes => real.GrantedBufferBytes;

        public InterfaceBinding? Interface => real.Interface;

        public string? Notice => real.Notice;

        public Unreachable? Unreachable => real.Unreachable;

        public void Add(byte* payload, int length, int segmentSize)
        {
            before();
            real.Add(payload, length, segmentSize);
        }

        public SendTally Flush() => real.Flush();

        public void Dispose()
        {
            real.Dispose();
            closed();
        }
    }
}
