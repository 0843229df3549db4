using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>What becomes of each field: by what its schema asks for, its type, and the algorithm.</summary>
/// <param name="algorithm">For numbers of which nothing is asked.</param>
/// <param name="time">The time field; null for none.</param>
internal sealed class FieldRules(DecimationAlgorithm algorithm, TimeField? time)
{
    /// <summary>Records that a window becomes.</summary>
    public int Outputs => algorithm == DecimationAlgorithm.MinMax ? 2 : 1;

    /// <summary>Whether an output is the window's first record, but for what is computed; else it is the last.</summary>
    public bool IsFirst(int output) => output < Outputs - 1;

    /// <summary>What is to be done for a field of an output; null where it stays as it is in the record.</summary>
    public Aggregation? Of(Leaf leaf, int output)
    {
        Aggregation own = IsFirst(output) ? Aggregation.First : Aggregation.Last;
        Aggregation wanted = leaf.Asked ?? (HasOrder(leaf) ? OfNumbers(output) : own);
        return wanted == own && StaysAsItIs(leaf) ? null : wanted;
    }

    // Downsample's records are those that came; else the last of a field that may be null is the last that is not.
    private bool StaysAsItIs(Leaf leaf) => algorithm == DecimationAlgorithm.Downsample || leaf.Node.OrNull is null;

    private Aggregation OfNumbers(int output) => algorithm switch
    {
        DecimationAlgorithm.Average => Aggregation.Mean,
        DecimationAlgorithm.Rms => Aggregation.Rms,
        DecimationAlgorithm.MinMax => IsFirst(output) ? Aggregation.Min : Aggregation.Max,
        _ => Aggregation.Last,
    };

    /// <summary>Whether it is a number that a mean means something of: no time and no date.</summary>
    private bool HasOrder(Leaf leaf) =>
        leaf.Node.Number is { } number && !IsTime(number.LogicalType) && leaf.Path != time?.Name;

    // Logical types of ints and longs (Avro specification 1.12); those of other types make them no other numbers.
    private static bool IsTime(string? logicalType) => logicalType is
        "date" or "time-millis" or "time-micros" or "time-nanos"
        or "timestamp-millis" or "timestamp-micros" or "timestamp-nanos"
        or "local-timestamp-millis" or "local-timestamp-micros" or "local-timestamp-nanos";
}
