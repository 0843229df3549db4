using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>
/// Computes one number for each of several double fields in a window. NaNs are left out; if all are NaN, the result is NaN. It handles
/// one vector of fields at a time through all rows, so that its running values stay in registers. Native memory. One thread.
/// </summary>
internal abstract unsafe class FloatingAccumulator : IDisposable
{
    /// <summary>The largest number of rows per call.</summary>
    public const int MostRows = 64;

    private readonly List<nint> _hot = [];
    private readonly List<nint> _cold = [];
    private readonly int _whole;
    private readonly int _rest;
    private readonly double* _tails;
    private readonly double** _tailRows;
    private bool _isEmpty = true;

    /// <param name="fields">The number of fields, at least 1.</param>
    protected FloatingAccumulator(int fields)
    {
        _rest = fields % Width;
        _whole = fields - _rest;
        Slots = _rest == 0 ? _whole : _whole + Width;
        _tails = Hot(MostRows * Width);
        _tailRows = (double**)Hot(MostRows);
    }

    /// <summary>The number of doubles in a vector.</summary>
    protected static int Width => Vector<double>.Count;

    /// <summary>The number of fields, rounded up to whole vectors. The additional slots get zeros.</summary>
    protected int Slots { get; }

    /// <summary>Adds rows. A row has one double for each field, contiguous, at any address.</summary>
    /// <param name="rows">The address of each row.</param>
    /// <param name="count">The number of rows, 1 to <see cref="MostRows"/>.</param>
    public void Add(double** rows, int count)
    {
        Add(0, _whole, rows, count, _isEmpty);
        if (_rest > 0)
            Add(_whole, Slots, Tails(rows, count), count, _isEmpty);
        _isEmpty = false;
    }

    /// <summary>Writes the result of each field. May be called repeatedly.</summary>
    /// <param name="results">The target, at any address.</param>
    /// <param name="records">The number of rows that were added, 1 to 2,000,000.</param>
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

    /// <summary>Adds the rows' values for some slots.</summary>
    /// <param name="from">The first slot.</param>
    /// <param name="to">The slot after the last; whole vectors.</param>
    /// <param name="rows">The address that slot 0 has, or would have, in each row.</param>
    /// <param name="count">The number of rows, at least 1.</param>
    /// <param name="isFirst">Whether these are the window's first rows. The running values are then of the last window.</param>
    protected abstract void Add(int from, int to, double** rows, int count, bool isFirst);

    /// <summary>Writes the results of some slots.</summary>
    /// <param name="from">The first slot.</param>
    /// <param name="to">The slot after the last; whole vectors.</param>
    /// <param name="results">The address that the result of slot 0 has, or would have.</param>
    /// <param name="records">The number of rows in the window.</param>
    protected abstract void Write(int from, int to, double* results, int records);

    /// <summary>Forgets the special values of the last window.</summary>
    protected abstract void ForgetOdd();

    /// <summary>Allocates zeroed memory for a double of each slot, aligned for vectors.</summary>
    protected double* Hot() => Hot(Slots);

    /// <summary>
    /// Allocates zeroed memory for one T of each slot that is rarely used. A large piece costs only address space until it is used.
    /// </summary>
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

    /// <summary>
    /// Copies the fields that do not fill a vector, row by row, padded with zeros. There may be no memory after a record.
    /// </summary>
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
