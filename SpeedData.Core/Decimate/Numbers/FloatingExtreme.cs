using System.Numerics;

namespace SpeedData.Core.Decimate.Numbers;

/// <summary>Which of two doubles comes first; never one that is NaN.</summary>
internal interface IDoubleOrder
{
    static abstract Vector<long> Precedes(Vector<double> a, Vector<double> b);

    static abstract bool Precedes(double a, double b);
}

/// <summary>The smaller.</summary>
internal readonly struct Smaller : IDoubleOrder
{
    public static Vector<long> Precedes(Vector<double> a, Vector<double> b) => Vector.LessThan(a, b);

    public static bool Precedes(double a, double b) => a < b;
}

/// <summary>The larger.</summary>
internal readonly struct Larger : IDoubleOrder
{
    public static Vector<long> Precedes(Vector<double> a, Vector<double> b) => Vector.GreaterThan(a, b);

    public static bool Precedes(double a, double b) => a > b;
}

/// <summary>The smallest or the largest of each field's doubles.</summary>
/// <typeparam name="TOrder">Which is wanted.</typeparam>
internal sealed unsafe class FloatingExtreme<TOrder> : FloatingAccumulator
    where TOrder : IDoubleOrder
{
    // NaN until there is a number: whatever comes then takes its place.
    private readonly double* _extremes;

    public FloatingExtreme(int fields)
        : base(fields)
    {
        _extremes = Hot();
        Reset();
    }

    public override void Add(double* values)
    {
        int i = 0;
        for (; i + Vector<double>.Count <= Fields; i += Vector<double>.Count)
        {
            Vector<double> value = Vector.Load(values + i), extreme = Vector.Load(_extremes + i);
            Vector<long> takes = TOrder.Precedes(value, extreme) | ~Vector.Equals(extreme, extreme);
            Vector.ConditionalSelect(takes, value, extreme).Store(_extremes + i);
        }

        for (; i < Fields; i++)
        {
            if (TOrder.Precedes(values[i], _extremes[i]) || double.IsNaN(_extremes[i]))
                _extremes[i] = values[i];
        }
    }

    public override void Write(double* results, int records) =>
        Buffer.MemoryCopy(_extremes, results, Fields * sizeof(double), Fields * sizeof(double));

    public override void Reset() => new Span<double>(_extremes, Fields).Fill(double.NaN);
}
