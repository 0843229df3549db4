namespace SpeedData.Core.Decimate.Numbers;

/// <summary>Sums, each of two doubles, beside which what is no ordinary number is kept apart.</summary>
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

    /// <summary>Takes the rows' values for one vector of slots again, one by one: some of them the vector could not take.</summary>
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

    /// <summary>Takes any value.</summary>
    protected abstract void AddOne(int field, double value);
}
