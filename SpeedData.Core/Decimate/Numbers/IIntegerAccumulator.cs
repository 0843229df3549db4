namespace SpeedData.Core.Decimate.Numbers;

/// <summary>Computes one integer from a field's values in a window. An unmanaged struct; zeroed memory begins a window.</summary>
internal interface IIntegerAccumulator
{
    void Add(long value);

    /// <param name="values">The number of values added, 1 to 2,000,000.</param>
    long Result(int values);
}

/// <summary>The mean, rounded half to even. The sum has 128 bits and cannot overflow.</summary>
internal struct IntegerMean : IIntegerAccumulator
{
    private Int128 _sum;

    public void Add(long value) => _sum += value;

    public readonly long Result(int values)
    {
        if (_sum == (long)_sum)
            return Mean((long)_sum, values);
        (Int128 quotient, Int128 remainder) = Int128.DivRem(_sum, values);
        return (long)quotient + Rounding((long)quotient, (long)remainder, values);
    }

    private static long Mean(long sum, int values)
    {
        (long quotient, long remainder) = Math.DivRem(sum, values);
        return quotient + Rounding(quotient, remainder, values);
    }

    /// <summary>Returns the correction for a quotient truncated towards zero. The remainder has the sign of the sum.</summary>
    private static long Rounding(long quotient, long remainder, int values)
    {
        long twice = 2 * Math.Abs(remainder);
        bool away = twice > values || (twice == values && (quotient & 1) != 0);
        return away ? Math.Sign(remainder) : 0;
    }
}

/// <summary>The smallest value.</summary>
internal struct IntegerMin : IIntegerAccumulator
{
    private long _least;
    private bool _any;

    public void Add(long value)
    {
        _least = _any ? Math.Min(_least, value) : value;
        _any = true;
    }

    public readonly long Result(int values) => _least;
}

/// <summary>The largest value.</summary>
internal struct IntegerMax : IIntegerAccumulator
{
    private long _most;
    private bool _any;

    public void Add(long value)
    {
        _most = _any ? Math.Max(_most, value) : value;
        _any = true;
    }

    public readonly long Result(int values) => _most;
}
