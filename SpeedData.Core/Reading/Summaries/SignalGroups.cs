using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>The minimum, maximum, sum and count of a signal in each group of records. NaN and null are ignored.</summary>
internal sealed class SignalGroups(string name, ColumnKind kind)
{
    private readonly List<double> _min = [], _max = [], _sum = [];
    private readonly List<long> _longMin = [], _longMax = [];
    private readonly List<int> _count = [];

    public string Name => name;

    public ColumnKind Kind => kind;

    public List<double> Min => _min;

    public List<double> Max => _max;

    public List<double> Sum => _sum;

    /// <summary>The minimum of a long signal, which a double cannot represent exactly; empty for other signals.</summary>
    public List<long> LongMin => _longMin;

    public List<long> LongMax => _longMax;

    /// <summary>Number of values that are not ignored.</summary>
    public List<int> Count => _count;

    /// <summary>Adds a group without records.</summary>
    public void Begin()
    {
        _min.Add(double.PositiveInfinity);
        _max.Add(double.NegativeInfinity);
        _sum.Add(0);
        _count.Add(0);
        if (kind != ColumnKind.Int64)
            return;
        _longMin.Add(long.MaxValue);
        _longMax.Add(long.MinValue);
    }

    /// <summary>Adds rows to the last group.</summary>
    public void Add(Column column, int from, int to)
    {
        switch (column)
        {
            case NumberColumn<double> numbers:
                AddDoubles(numbers, numbers.Values, from, to);
                break;
            case NumberColumn<float> numbers:
                AddConverted(numbers, from, to);
                break;
            case NumberColumn<int> numbers:
                AddConverted(numbers, from, to);
                break;
            case NumberColumn<long> numbers:
                AddLongs(numbers, from, to);
                break;
        }
    }

    private void AddConverted<T>(NumberColumn<T> numbers, int from, int to)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        Span<double> values = stackalloc double[256];
        for (int row = from; row < to; row++)
            values[row - from] = double.CreateTruncating(numbers.Values[row]);
        AddDoubles(numbers, values, from, to, from);
    }

    private void AddDoubles(Column column, ReadOnlySpan<double> values, int from, int to, int shift = 0)
    {
        (double min, double max, double sum, int count) = (_min[^1], _max[^1], _sum[^1], _count[^1]);
        for (int row = from; row < to; row++)
        {
            double value = values[row - shift];
            if (double.IsNaN(value) || column.IsNull(row))
                continue;
            min = value < min ? value : min;
            max = value > max ? value : max;
            sum += value;
            count++;
        }

        (_min[^1], _max[^1], _sum[^1], _count[^1]) = (min, max, sum, count);
    }

    private void AddLongs(NumberColumn<long> numbers, int from, int to)
    {
        for (int row = from; row < to; row++)
        {
            if (numbers.IsNull(row))
                continue;
            long value = numbers.Values[row];
            _longMin[^1] = Math.Min(_longMin[^1], value);
            _longMax[^1] = Math.Max(_longMax[^1], value);
            _sum[^1] += value;
            _count[^1]++;
        }
    }
}
