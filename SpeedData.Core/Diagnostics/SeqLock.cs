using System.Runtime.CompilerServices;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// One writer thread publishes a struct, any thread reads it whole. The writer never waits; a reader tries again while
/// the writer is inside (H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012).
/// </summary>
public sealed class SeqLock<T>
    where T : struct
{
    private Padded _state;

    /// <summary>Writer only: the value as last written.</summary>
    public T Value => _state.Value;

    /// <summary>Writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(in T value)
    {
        int version = _state.Version;
        Volatile.Write(ref _state.Version, version + 1);
        // The odd version must be visible before any field is: a store barrier, which release order alone is not.
        Thread.MemoryBarrier();
        _state.Value = value;
        // Release: every field is visible before the even version.
        Volatile.Write(ref _state.Version, version + 2);
    }

    /// <summary>Any thread.</summary>
    public T Read()
    {
        var spin = new SpinWait();
        while (true)
        {
            int before = Volatile.Read(ref _state.Version);
            T value = _state.Value;
            // The fields must have been read before the version is read again: a load barrier, which acquire order on
            // the second read alone is not.
            Thread.MemoryBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(ref _state.Version))
                return value;
            spin.SpinOnce();
        }
    }

    /// <summary>Fields around the value keep the neighbours on the heap off its cache lines (128: adjacent-line prefetch).</summary>
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
