namespace SpeedData.Core.Decimate.Numbers;

/// <summary>Sums of two doubles each. NaN, infinities and inexact sums are kept separately.</summary>
internal abstract unsafe class FloatingSum : FloatingAccumulator
{
    protected FloatingSum(int fields)
        : base(fields)
    {
        High = Hot();
        Low = Hot();
        Special = Cold<SpecialValues>();
    }

    protected double* High { get; }

    protected double* Low { get; }

    protected SpecialValues* Special { get; }

    /// <summary>Adds the rows' values for one vector of slots again, one by one, because the vector could not add some of them.</summary>
    protected void AddSingly(int from, double** rows, int count, bool isFirst)
    {
        for (int slot = from; slot < from + Width; slot++)
        {
            if (isFirst)
                High[slot] = Low[slot] = 0;
            for (int row = 0; row < count; row++)
                AddOne(slot, rows[row][slot]);
        }
    }

    /// <summary>Adds one value of any kind.</summary>
    protected abstract void AddOne(int field, double value);
}
