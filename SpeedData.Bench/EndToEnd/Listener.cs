using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Receive;
using SpeedData.Core.Threading;

namespace SpeedData.Bench.EndToEnd;

/// <summary>Receives a stream on a separate thread; counts datagrams and measures latency by the sender's clock.</summary>
internal sealed class Listener : IDisposable
{
    // Bins of half a microsecond up to 200 ms; the last bin counts all longer times.
    private const int BinNs = 500, Bins = 400_000;

    private readonly IDatagramReceiver _receiver;
    private readonly OwnedThread _thread;
    private readonly long[] _histogram = new long[Bins + 1];
    private long _received;
    private volatile bool _stopping;

    public Listener(IPAddress group, int port)
    {
        ReceiveSocket socket = ReceiveSocket.Open(new ReceiveOptions { Address = group, Interface = "127.0.0.1", BufferBytes = 64 << 20 }, port);
        _receiver = OperatingSystem.IsLinux() ? new BatchedReceiver(socket, new WakeDemand(1)) : new SocketsReceiver(socket);
        _thread = OwnedThread.Start("listener", Listen);
    }

    public long Received => Volatile.Read(ref _received);

    /// <summary>Returns a quantile of the latency. Call only after the last datagram was received.</summary>
    public double Microseconds(double quantile)
    {
        long wanted = (long)(quantile * Received), seen = 0;
        for (int bin = 0; bin <= Bins; bin++)
        {
            seen += _histogram[bin];
            if (seen >= wanted)
                return bin * BinNs / 1000.0;
        }

        return double.NaN;
    }

    public void Dispose()
    {
        _stopping = true;
        _receiver.EndWaiting();
        _thread.Join(TimeSpan.FromSeconds(5));
        _receiver.Dispose();
    }

    private void Listen()
    {
        while (!_stopping)
        {
            foreach (ref readonly Burst burst in _receiver.Receive(Timeout.InfiniteTimeSpan))
                Count(in burst);
        }
    }

    private void Count(in Burst burst)
    {
        long now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        for (int at = 0; at < burst.Length; at += burst.SegmentSize)
        {
            long late = now - BenchRecord.Read(burst.Bytes[at..]).TimeNs;
            _histogram[Math.Clamp(late / BinNs, 0, Bins)]++;
        }

        Volatile.Write(ref _received, _received + burst.Count);
    }
}
