using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Makes one number of each of several fields' doubles in a window. NaN is left out; of nothing but NaN the result is NaN.
/// Memory is native. One thread.
/// </summary>
internal abstract unsafe class FloatingAccumulator(int fields) : IDisposable
{
    private readonly List<nint> _hot = [];
    private readonly List<nint> _cold = [];

    protected int Fields { get; } = fields;

    /// <summary>Takes one double of each field. They lie one behind the other, at any address.</summary>
    public abstract void Add(double* values);

    /// <summary>Writes the result of each field; may be called again.</summary>
    /// <param name="results">Any address.</param>
    /// <param name="records">How often doubles were taken, 1 to 2,000,000.</param>
    public abstract void Write(double* results, int records);

    /// <summary>Begins a new window.</summary>
    public abstract void Reset();

    public void Dispose()
    {
        foreach (nint memory in _hot)
            NativeMemory.AlignedFree((void*)memory);
        foreach (nint memory in _cold)
            NativeMemory.Free((void*)memory);
        _hot.Clear();
        _cold.Clear();
    }

    /// <summary>Zeroed memory for a double of each field, where vectors lie well.</summary>
    protected double* Hot()
    {
        nuint bytes = (nuint)Fields * sizeof(double);
        void* memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        _hot.Add((nint)memory);
        return (double*)memory;
    }

    /// <summary>Zeroed memory for one T of each field that is seldom touched; a large piece costs address space only until it is.</summary>
    protected T* Cold<T>()
        where T : unmanaged
    {
        void* memory = NativeMemory.AllocZeroed((nuint)Fields, (nuint)sizeof(T));
        _cold.Add((nint)memory);
        return (T*)memory;
    }
}
