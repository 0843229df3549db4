using System.Diagnostics;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Archive;

/// <summary>
/// Cuts the ring's bursts into blocks. A block closes when the next burst would exceed its size, when its first datagram has
/// waited long enough, or when nothing will follow. Writer thread.
/// </summary>
/// <remarks>
/// An empty ring parks the thread. The first burst wakes it; then it sleeps for one flush interval, unless a full block wakes
/// it earlier. If bursts keep coming, it starts the next interval at once, without waiting for a first burst: one wake per block
/// instead of two. It uses the machine's clock, not a TimeProvider, because the ring waits by that clock.
/// </remarks>
internal sealed class BlockAssembler
{
    // AutoResetEvent waits at most 24.8 days; waking once a day costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly BurstRing _ring;
    private readonly TimeSpan _flushEvery;
    private readonly int _blockBytes;
    private readonly int _blockBursts;

    // The time at which the flush interval began; 0 while none runs.
    private long _intervalBegan;

    public BlockAssembler(BurstRing ring, int blockBytes, TimeSpan flushEvery)
    {
        _ring = ring;
        _flushEvery = flushEvery;
        // While a block is written, the producer needs room to continue. The ring also wakes the writer when half of its
        // descriptors are used.
        _blockBytes = Math.Min(blockBytes, ring.MaxRun);
        _blockBursts = ring.MaxBursts / 2;
    }

    /// <summary>Returns the next block. If none is ready, waits for one once.</summary>
    /// <param name="idleLimit">The longest wait while the ring is empty; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="block">The block, if the result is <see cref="BlockReadiness.Closed"/>. It stays in the ring until released.</param>
    public BlockReadiness Next(TimeSpan idleLimit, out Block block)
    {
        // Completed is read before published. In the other order, a burst that is published in between would be missed.
        bool completed = _ring.IsCompleted;
        long published = _ring.PublishedIndex;
        if (published == _ring.ReleasedIndex)
        {
            block = default;
            if (completed)
                return BlockReadiness.Drained;
            WaitForFirst(idleLimit);
            return BlockReadiness.Waited;
        }

        long now = Stopwatch.GetTimestamp();
        if (_intervalBegan == 0)
            _intervalBegan = now;
        bool full = Collect(published, out block);
        TimeSpan left = _flushEvery - Stopwatch.GetElapsedTime(_intervalBegan, now);
        if (full || completed || left <= TimeSpan.Zero)
        {
            bool moreIsThere = block.EndIndex < published, moreIsLikely = block.EndIndex - block.FirstIndex > 1;
            _intervalBegan = moreIsThere || moreIsLikely ? now : 0;
            return BlockReadiness.Closed;
        }
        _ring.Wait(_blockBytes, WholeMilliseconds(left));
        return BlockReadiness.Waited;
    }

    private void WaitForFirst(TimeSpan idleLimit)
    {
        TimeSpan left = _intervalBegan == 0 ? TimeSpan.Zero : _flushEvery - Stopwatch.GetElapsedTime(_intervalBegan);
        if (left > TimeSpan.Zero)
        {
            _ring.Wait(_blockBytes, WholeMilliseconds(idleLimit == Timeout.InfiniteTimeSpan || left < idleLimit ? left : idleLimit));
            return;
        }

        _intervalBegan = 0;
        _ring.Wait(1, WholeMilliseconds(idleLimit));
    }

    /// <returns>True if nothing more fits.</returns>
    private bool Collect(long published, out Block block)
    {
        long begin = _ring.ReleasedIndex, index = begin;
        long last = Math.Min(published, index + _blockBursts);
        long firstTimeNs = _ring[index].ReceiveTimeNs;
        long datagrams = 0;
        RingSpan first = new(_ring[index].Offset, 0), second = default;
        // The first burst always fits: a burst larger than a block becomes a block of its own.
        do
        {
            ref readonly BurstDescriptor burst = ref _ring[index];
            if (!TryExtend(in burst, ref first, ref second))
                break;
            datagrams += burst.Count;
            index++;
        }
        while (index < last && first.Length + second.Length + _ring[index].Length <= _blockBytes);

        block = new Block(begin, index, first, second, datagrams, firstTimeNs);
        return index < published || block.Length >= _blockBytes || index - begin >= _blockBursts;
    }

    private static bool TryExtend(in BurstDescriptor burst, ref RingSpan first, ref RingSpan second)
    {
        if (second.Length == 0 && burst.Offset == first.Offset + first.Length)
            first = first with { Length = first.Length + burst.Length };
        else if (second.Length == 0)
            second = new RingSpan(burst.Offset, burst.Length);
        else if (burst.Offset == second.Offset + second.Length)
            second = second with { Length = second.Length + burst.Length };
        else
            return false;
        return true;
    }

    /// <summary>Rounds up, because the wait drops fractions and would wake early, only to sleep again.</summary>
    private static TimeSpan WholeMilliseconds(TimeSpan wait)
    {
        if (wait == Timeout.InfiniteTimeSpan)
            return wait;
        return wait >= LongestWait ? LongestWait : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
    }
}
