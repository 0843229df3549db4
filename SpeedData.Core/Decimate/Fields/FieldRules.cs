using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Decides what is computed for each field, from the request in its schema, its type, and the algorithm.</summary>
/// <param name="algorithm">The algorithm for numbers without a request in the schema.</param>
/// <param name="time">The time field; null if there is none.</param>
internal sealed class FieldRules(DecimationAlgorithm algorithm, TimeField? time)
{
    /// <summary>The number of records that represent a window.</summary>
    public int Outputs => algorithm == DecimationAlgorithm.MinMax ? 2 : 1;

    /// <summary>
    /// Whether an output copies the window's first record; otherwise it copies the last. Computed fields are replaced.
    /// </summary>
    public bool IsFirst(int output) => output < Outputs - 1;

    /// <summary>Returns the aggregation of a field in an output; null if the field is copied.</summary>
    public Aggregation? Of(Leaf leaf, int output)
    {
        Aggregation own = IsFirst(output) ? Aggregation.First : Aggregation.Last;
        Aggregation wanted = leaf.Asked ?? (HasOrder(leaf) ? OfNumbers(output) : own);
        return wanted == own && StaysAsItIs(leaf) ? null : wanted;
    }

    // Downsample copies records unchanged. Otherwise the last value of a nullable field is the last that is not null.
    private bool StaysAsItIs(Leaf leaf) => algorithm == DecimationAlgorithm.Downsample || leaf.Node.OrNull is null;

    private Aggregation OfNumbers(int output) => algorithm switch
    {
        DecimationAlgorithm.Average => Aggregation.Mean,
        DecimationAlgorithm.Rms => Aggregation.Rms,
        DecimationAlgorithm.MinMax => IsFirst(output) ? Aggregation.Min : Aggregation.Max,
        _ => Aggregation.Last,
    };

    /// <summary>Whether the field's mean makes sense: it is a number, but not a time or a date.</summary>
    private bool HasOrder(Leaf leaf) =>
        leaf.Node.Number is { } number && !IsTime(number.LogicalType) && leaf.Path != time?.Name;

    // Logical types of ints and longs (Avro specification 1.12). Other types do not change their meaning as numbers.
    private static bool IsTime(string? logicalType) => logicalType is
        "date" or "time-millis" or "time-micros" or "time-nanos"
        or "timestamp-millis" or "timestamp-micros" or "timestamp-nanos"
        or "local-timestamp-millis" or "local-timestamp-micros" or "local-timestamp-nanos";
}
