using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>What is computed for each field: by what its schema asks for, its type, and the algorithm.</summary>
/// <param name="algorithm">For numbers without a request in the schema.</param>
/// <param name="time">The time field; null for none.</param>
internal sealed class FieldRules(DecimationAlgorithm algorithm, TimeField? time)
{
    /// <summary>Records that a window becomes.</summary>
    public int Outputs => algorithm == DecimationAlgorithm.MinMax ? 2 : 1;

    /// <summary>
    /// Whether an output is a copy of the window's first record, except for computed fields; else of the last.
    /// </summary>
    public bool IsFirst(int output) => output < Outputs - 1;

    /// <summary>What is computed for a field of an output; null if it is copied.</summary>
    public Aggregation? Of(Leaf leaf, int output)
    {
        Aggregation own = IsFirst(output) ? Aggregation.First : Aggregation.Last;
        Aggregation wanted = leaf.Asked ?? (HasOrder(leaf) ? OfNumbers(output) : own);
        return wanted == own && StaysAsItIs(leaf) ? null : wanted;
    }

    // Downsample copies records as they came. Otherwise the last value of a nullable field is the last that is not null.
    private bool StaysAsItIs(Leaf leaf) => algorithm == DecimationAlgorithm.Downsample || leaf.Node.OrNull is null;

    private Aggregation OfNumbers(int output) => algorithm switch
    {
        DecimationAlgorithm.Average => Aggregation.Mean,
        DecimationAlgorithm.Rms => Aggregation.Rms,
        DecimationAlgorithm.MinMax => IsFirst(output) ? Aggregation.Min : Aggregation.Max,
        _ => Aggregation.Last,
    };

    /// <summary>Whether its mean means something: a number that is no time and no date.</summary>
    private bool HasOrder(Leaf leaf) =>
        leaf.Node.Number is { } number && !IsTime(number.LogicalType) && leaf.Path != time?.Name;

    // Logical types of ints and longs (Avro specification 1.12); those of other types make them no other numbers.
    private static bool IsTime(string? logicalType) => logicalType is
        "date" or "time-millis" or "time-micros" or "time-nanos"
        or "timestamp-millis" or "timestamp-micros" or "timestamp-nanos"
        or "local-timestamp-millis" or "local-timestamp-micros" or "local-timestamp-nanos";
}
