using System.Numerics;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>An order of doubles. NaN never comes first.</summary>
internal interface IDoubleOrder
{
    static abstract Vector<long> Precedes(Vector<double> a, Vector<double> b);
}

/// <summary>The smaller double comes first.</summary>
internal readonly struct Smaller : IDoubleOrder
{
    public static Vector<long> Precedes(Vector<double> a, Vector<double> b) => Vector.LessThan(a, b);
}

/// <summary>The larger double comes first.</summary>
internal readonly struct Larger : IDoubleOrder
{
    public static Vector<long> Precedes(Vector<double> a, Vector<double> b) => Vector.GreaterThan(a, b);
}

/// <summary>The smallest or the largest double of each field.</summary>
/// <typeparam name="TOrder">Which of the two.</typeparam>
internal sealed unsafe class FloatingExtreme<TOrder> : FloatingAccumulator
    where TOrder : IDoubleOrder
{
    private readonly double* _extremes;

    public FloatingExtreme(int fields)
        : base(fields)
    {
        _extremes = Hot();
    }

    protected override void Add(int from, int to, double** rows, int count, bool isFirst)
    {
        double* extremes = _extremes;
        for (int i = from; i < to; i += Width)
        {
            Vector<double> extreme = Vector.Load(isFirst ? rows[0] + i : extremes + i);
            for (int row = isFirst ? 1 : 0; row < count; row++)
            {
                Vector<double> value = Vector.Load(rows[row] + i);
                // The extreme is NaN until there is a number. Any value then replaces it.
                Vector<long> takes = TOrder.Precedes(value, extreme) | ~Vector.Equals(extreme, extreme);
                extreme = Vector.ConditionalSelect(takes, value, extreme);
            }

            extreme.Store(extremes + i);
        }
    }

    protected override void Write(int from, int to, double* results, int records)
    {
        long bytes = (long)(to - from) * sizeof(double);
        Buffer.MemoryCopy(_extremes + from, results + from, bytes, bytes);
    }

    protected override void ForgetOdd()
    {
        // NaN needs no special treatment here.
    }
}
