using System.Runtime.CompilerServices;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// One writer thread publishes a struct, any thread reads a consistent copy. The writer never waits; a reader tries again while the
/// writer is writing (H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012).
/// </summary>
public sealed class SeqLock<T>
    where T : struct
{
    private Padded _state;

    /// <summary>Writer only: the last written value.</summary>
    public T Value => _state.Value;

    /// <summary>Writer only: publishes a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(in T value)
    {
        int version = _state.Version;
        Volatile.Write(ref _state.Version, version + 1);
        // The odd version must be visible before any field. That needs a store barrier; release order is not enough.
        Thread.MemoryBarrier();
        _state.Value = value;
        // Release: every field is visible before the even version.
        Volatile.Write(ref _state.Version, version + 2);
    }

    /// <summary>Any thread: returns a consistent copy of the value.</summary>
    public T Read()
    {
        var spin = new SpinWait();
        while (true)
        {
            int before = Volatile.Read(ref _state.Version);
            T value = _state.Value;
            // The fields must be read before the version is read again. That needs a load barrier; acquire order on the second read
            // is not enough.
            Thread.MemoryBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(ref _state.Version))
                return value;
            spin.SpinOnce();
        }
    }

    /// <summary>Padding around the value keeps neighbours on the heap off its cache lines (128: adjacent-line prefetch).</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential)]
    private struct Padded
    {
        private CacheLines _before;
        public int Version;
        public T Value;
        private CacheLines _after;
    }

    [InlineArray(128)]
    private struct CacheLines
    {
        private byte _first;
    }
}
