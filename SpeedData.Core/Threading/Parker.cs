using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>Lets one thread sleep until another wakes it. If the wake comes first, the next sleep returns at once.</summary>
public abstract class Parker : IDisposable
{
    /// <summary>
    /// Uses futex(2) on Linux, one call to sleep and one to wake; AutoResetEvent makes five calls. Elsewhere uses AutoResetEvent.
    /// </summary>
    public static Parker Create() => OperatingSystem.IsLinux() ? new FutexParker() : new EventParker();

    /// <summary>Sleeps until another thread wakes it or the timeout ends. May return early.</summary>
    /// <param name="timeout">The longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    public abstract void Park(TimeSpan timeout);

    /// <summary>Any thread: wakes the sleeper.</summary>
    public abstract void Unpark();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private sealed unsafe class FutexParker : Parker
    {
        // A separate cache line, because sleeper and waker run on different CPUs.
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
