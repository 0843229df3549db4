using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>Lets one thread sleep until another wakes it. After an early wake, the next sleep returns at once.</summary>
public abstract class Parker : IDisposable
{
    /// <summary>Linux: futex(2), one call to sleep and one to wake; AutoResetEvent makes five of them. Elsewhere AutoResetEvent.</summary>
    public static Parker Create() => OperatingSystem.IsLinux() ? new FutexParker() : new EventParker();

    /// <summary>Sleeps until woken or the time is over; may return early.</summary>
    /// <param name="timeout">Longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    public abstract void Park(TimeSpan timeout);

    /// <summary>Any thread.</summary>
    public abstract void Unpark();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private sealed unsafe class FutexParker : Parker
    {
        // A cache line of its own: sleeper and waker are on different CPUs.
        private readonly int* _woken = (int*)NativeMemory.AlignedAlloc(128, 128);

        public FutexParker() => *_woken = 0;

        public override void Park(TimeSpan timeout)
        {
            if (Interlocked.Exchange(ref *_woken, 0) == 0)
            {
                Futex.Wait(_woken, 0, timeout);
                Interlocked.Exchange(ref *_woken, 0);
            }
        }

        public override void Unpark()
        {
            if (Interlocked.Exchange(ref *_woken, 1) == 0)
                Futex.WakeOne(_woken);
        }

        protected override void Dispose(bool disposing) => NativeMemory.AlignedFree(_woken);
    }

    private sealed class EventParker : Parker
    {
        private readonly AutoResetEvent _event = new(false);

        public override void Park(TimeSpan timeout) => _event.WaitOne(timeout);

        public override void Unpark() => _event.Set();

        protected override void Dispose(bool disposing) => _event.Dispose();
    }
}
