using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Computes one number for each of several double fields in a window. NaN is left out; if all are NaN, the result is NaN. One
/// vector of fields at a time goes through all rows, so that its running values stay in registers. Native memory. One thread.
/// </summary>
internal abstract unsafe class FloatingAccumulator : IDisposable
{
    /// <summary>Most rows of one call.</summary>
    public const int MostRows = 64;

    private readonly List<nint> _hot = [];
    private readonly List<nint> _cold = [];
    private readonly int _whole;
    private readonly int _rest;
    private readonly double* _tails;
    private readonly double** _tailRows;
    private bool _isEmpty = true;

    /// <param name="fields">How many there are, at least 1.</param>
    protected FloatingAccumulator(int fields)
    {
        _rest = fields % Width;
        _whole = fields - _rest;
        Slots = _rest == 0 ? _whole : _whole + Width;
        _tails = Hot(MostRows * Width);
        _tailRows = (double**)Hot(MostRows);
    }

    /// <summary>Doubles of a vector.</summary>
    protected static int Width => Vector<double>.Count;

    /// <summary>The fields, and as many more as fill the last vector; those see zeros.</summary>
    protected int Slots { get; }

    /// <summary>Takes rows of one double of each field, which lie one behind the other, at any address.</summary>
    /// <param name="rows">Where each begins.</param>
    /// <param name="count">1 to <see cref="MostRows"/>.</param>
    public void Add(double** rows, int count)
    {
        Add(0, _whole, rows, count, _isEmpty);
        if (_rest > 0)
            Add(_whole, Slots, Tails(rows, count), count, _isEmpty);
        _isEmpty = false;
    }

    /// <summary>Writes the result of each field; may be called again.</summary>
    /// <param name="results">Any address.</param>
    /// <param name="records">How many rows were taken, 1 to 2,000,000.</param>
    public void Write(double* results, int records)
    {
        Write(0, _whole, results, records);
        if (_rest == 0)
            return;
        Write(_whole, Slots, _tails - _whole, records);
        new Span<double>(_tails, _rest).CopyTo(new Span<double>(results + _whole, _rest));
    }

    /// <summary>Begins a new window.</summary>
    public void Reset()
    {
        _isEmpty = true;
        ForgetOdd();
    }

    public void Dispose()
    {
        foreach (nint memory in _hot)
            NativeMemory.AlignedFree((void*)memory);
        foreach (nint memory in _cold)
            NativeMemory.Free((void*)memory);
        _hot.Clear();
        _cold.Clear();
    }

    /// <summary>Takes the rows' values for some slots.</summary>
    /// <param name="from">First slot.</param>
    /// <param name="to">The slot behind the last; whole vectors.</param>
    /// <param name="rows">Where the value of slot 0 would lie.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="isFirst">Whether the window begins with these rows: what is remembered is of another.</param>
    protected abstract void Add(int from, int to, double** rows, int count, bool isFirst);

    /// <summary>Writes the results of some slots.</summary>
    /// <param name="from">First slot.</param>
    /// <param name="to">The slot behind the last; whole vectors.</param>
    /// <param name="results">Where that of slot 0 would lie.</param>
    /// <param name="records">Rows of the window.</param>
    protected abstract void Write(int from, int to, double* results, int records);

    /// <summary>Begins a window without the special values of the last one.</summary>
    protected abstract void ForgetOdd();

    /// <summary>Zeroed memory for a double of each slot, where vectors lie well.</summary>
    protected double* Hot() => Hot(Slots);

    /// <summary>Zeroed memory for one T of each slot that is seldom touched; a large piece costs address space only until it is.</summary>
    protected T* Cold<T>()
        where T : unmanaged
    {
        void* memory = NativeMemory.AllocZeroed((nuint)Slots, (nuint)sizeof(T));
        _cold.Add((nint)memory);
        return (T*)memory;
    }

    private double* Hot(int doubles)
    {
        nuint bytes = (nuint)Math.Max(1, doubles) * sizeof(double);
        void* memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        _hot.Add((nint)memory);
        return (double*)memory;
    }

    /// <summary>The fields that fill no vector, row by row, with zeros behind them: behind a record there may be no memory.</summary>
    private double** Tails(double** rows, int count)
    {
        for (int row = 0; row < count; row++)
        {
            double* tail = _tails + (row * Width), values = rows[row] + _whole;
            for (int i = 0; i < Width; i++)
                tail[i] = i < _rest ? values[i] : 0;
            _tailRows[row] = tail - _whole;
        }

        return _tailRows;
    }
}
