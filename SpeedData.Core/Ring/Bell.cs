using System.Runtime.InteropServices;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Ring;

/// <summary>
/// Lets the consumer sleep until the producer has passed a goal. While nobody sleeps, the producer pays one fence and one read per
/// batch; otherwise one wake per sleep.
/// </summary>
internal sealed class Bell : IDisposable
{
    private readonly Parker _sleeper = Parker.Create();
    private Goal _goal = new() { Position = long.MaxValue, Index = long.MaxValue };

    public bool IsCompleted => Volatile.Read(ref _goal.Completed) != 0;

    /// <summary>Producer: wakes the consumer if a goal is reached. Call it after the cursors were published.</summary>
    public void Published(long position, long index)
    {
        // Either this thread sees the goal, or the consumer sees the cursors, because it sets its goal before it reads them. That
        // needs a full fence between the store above and the load below, on both sides (Dekker).
        Interlocked.MemoryBarrier();
        if (position >= Volatile.Read(ref _goal.Position) || index >= Volatile.Read(ref _goal.Index))
            Ring();
    }

    public void Complete()
    {
        Interlocked.Exchange(ref _goal.Completed, 1);
        Ring();
    }

    /// <summary>Consumer: sleeps until a cursor is at or past its goal, the ring is completed or the timeout ends.</summary>
    public void Wait(long position, long index, ref long publishedPosition, ref long publishedIndex, TimeSpan timeout)
    {
        Volatile.Write(ref _goal.Index, index);
        Volatile.Write(ref _goal.Position, position);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref publishedPosition) < position && Volatile.Read(ref publishedIndex) < index && !IsCompleted)
            _sleeper.Park(timeout);
        Volatile.Write(ref _goal.Position, long.MaxValue);
        Volatile.Write(ref _goal.Index, long.MaxValue);
    }

    public void Dispose() => _sleeper.Dispose();

    private void Ring()
    {
        // The first wake removes the goal, so the sleeper is woken once, however much follows. A late wake makes the next wait
        // return early, which is harmless: callers check again anyway.
        Volatile.Write(ref _goal.Position, long.MaxValue);
        Volatile.Write(ref _goal.Index, long.MaxValue);
        _sleeper.Unpark();
    }

    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Goal
    {
        [FieldOffset(128)] public long Position;
        [FieldOffset(136)] public long Index;
        [FieldOffset(144)] public int Completed;
    }
}
