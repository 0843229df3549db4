using System.Runtime.InteropServices;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate;

/// <summary>
/// The marks of the records of a run, record after record; or the marks of one record, if they are the same for all.
/// </summary>
public readonly unsafe struct RecordMarks(int* first, int stride)
{
    /// <summary>Returns the marks of the record with this index.</summary>
    public int* this[int record] => first + (record * stride);
}

/// <summary>Memory in which the checks of a burst store their marks until its records are used. Native memory; one thread.</summary>
public sealed unsafe class MarkBuffer : IDisposable
{
    private const int LeastInts = 16 << 10;

    private readonly int _marks;
    private readonly int* _fixed;
    private readonly int* _noted;

    /// <param name="scan">The check that stores its marks here.</param>
    public MarkBuffer(RecordScan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        _marks = scan.Marks;
        Records = _marks == 0 ? int.MaxValue : Math.Max(1, LeastInts / _marks);
        _noted = (int*)NativeMemory.Alloc((nuint)Math.Max(LeastInts, _marks), sizeof(int));
        _fixed = (int*)NativeMemory.Alloc((nuint)Math.Max(1, _marks), sizeof(int));
        if (scan.FixedSize is not null)
            scan.FixedMarks().CopyTo(new Span<int>(_fixed, _marks));
    }

    /// <summary>The number of records that fit.</summary>
    public int Records { get; }

    /// <summary>The marks of every record, if the layout has a fixed size.</summary>
    public RecordMarks Fixed => new(_fixed, 0);

    /// <summary>The marks that were stored with <see cref="For"/>.</summary>
    public RecordMarks Noted => new(_noted, _marks);

    /// <summary>Returns the memory for the marks of the record with this index.</summary>
    public Span<int> For(int record) => new(_noted + ((long)record * _marks), _marks);

    public void Dispose()
    {
        NativeMemory.Free(_noted);
        NativeMemory.Free(_fixed);
    }
}
