using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Receive;
using SpeedData.Core.Sockets;

namespace SpeedData.Tests.Decimate;

/// <summary>
/// A receiver that follows a script of batches and of pauses. Its clock moves only in pauses. It overwrites a batch's memory at the
/// next call, as a receiver may.
/// </summary>
internal sealed unsafe class ScriptedReceiver(FakeTimeProvider time) : IDatagramReceiver
{
    private const int MemoryBytes = 1 << 24;

    private readonly Queue<(BurstOf[]? Batch, TimeSpan Idle)> _script = [];
    private readonly byte* _memory = (byte*)NativeMemory.Alloc(MemoryBytes);
    private readonly List<Burst> _bursts = [];
    private int _used;

    /// <summary>Called when the script is over.</summary>
    public Action AtEnd { get; set; } = () => { };

    /// <summary>Called before a batch is handed over; may throw.</summary>
    public Action OnReceive { get; set; } = () => { };

    /// <summary>Timeout of each receive call.</summary>
    public List<TimeSpan> Timeouts { get; } = [];

    public ReceiveSocket? ReceiveSocket => null;

    public int GrantedBufferBytes => 0;

    public InterfaceBinding? Interface => null;

    public void Batch(params BurstOf[] bursts) => _script.Enqueue((bursts, default));

    public void Idle(TimeSpan span) => _script.Enqueue((null, span));

    public ReadOnlySpan<Burst> Receive(TimeSpan timeout)
    {
        Timeouts.Add(timeout);
        Spoil();
        if (!_script.TryPeek(out (BurstOf[]? Batch, TimeSpan Idle) next))
        {
            AtEnd();
            return [];
        }

        _script.Dequeue();
        if (next.Batch is not null)
            return HandOver(next.Batch);
        if (timeout != Timeout.InfiniteTimeSpan && timeout < next.Idle)
        {
            time.Advance(timeout);
            var rest = _script.ToArray();
            _script.Clear();
            Idle(next.Idle - timeout);
            foreach (var later in rest)
                _script.Enqueue(later);
        }
        else
        {
            time.Advance(next.Idle);
        }

        return [];
    }

    /// <summary>Hands over the rest of the script after the loop was stopped.</summary>
    public ReadOnlySpan<Burst> ReceiveQueued()
    {
        Spoil();
        while (_script.TryDequeue(out (BurstOf[]? Batch, TimeSpan Idle) next))
        {
            if (next.Batch is not null)
                return HandOver(next.Batch);
        }

        return [];
    }

    public void Rejoin()
    {
    }

    public void EndWaiting()
    {
    }

    public void StopAccepting()
    {
    }

    public long KernelDrops() => 0;

    public void Dispose() => NativeMemory.Free(_memory);

    private ReadOnlySpan<Burst> HandOver(BurstOf[] batch)
    {
        OnReceive();
        _bursts.Clear();
        foreach (BurstOf burst in batch)
        {
            byte* at = _memory + _used;
            foreach (byte[] datagram in burst.Datagrams)
            {
                datagram.CopyTo(new Span<byte>(_memory + _used, MemoryBytes - _used));
                _used += datagram.Length;
            }

            _bursts.Add(new Burst(at, (int)(_memory + _used - at), burst.Datagrams[0].Length, burst.TimeNs, 0x7F000001, 1));
        }

        return CollectionsMarshal.AsSpan(_bursts);
    }

    private void Spoil()
    {
        new Span<byte>(_memory, _used).Fill(0xEE);
        _used = 0;
    }
}

/// <summary>Datagrams of one burst: all of one size, except that the last may be shorter.</summary>
internal sealed record BurstOf(long TimeNs, params byte[][] Datagrams)
{
    /// <summary>Groups datagrams into bursts. It cuts at random where they could stay together.</summary>
    public static List<BurstOf> Cut(Random random, IReadOnlyList<(long TimeNs, byte[] Bytes)> datagrams)
    {
        var bursts = new List<BurstOf>();
        for (int i = 0; i < datagrams.Count;)
        {
            var together = new List<byte[]> { datagrams[i].Bytes };
            int size = together[0].Length;
            long time = datagrams[i++].TimeNs;
            while (i < datagrams.Count && size > 0 && datagrams[i].TimeNs == time && together[^1].Length == size && datagrams[i].Bytes.Length is > 0 and var next && next <= size && random.Next(8) > 0)
                together.Add(datagrams[i++].Bytes);
            bursts.Add(new BurstOf(time, [.. together]));
        }

        return bursts;
    }
}
