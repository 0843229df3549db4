namespace SpeedData.Core.Schema;

/// <summary>A field of a record, in the order of the encoding.</summary>
/// <param name="Name">The signal's name.</param>
/// <param name="Type">What is encoded.</param>
public sealed record LayoutField(string Name, LayoutNode Type)
{
    /// <summary>What the schema asks for in a window of records; null for nothing.</summary>
    public Aggregation? Aggregation => Aggregations.Parse(AggregationText) ?? Aggregations.Parse(Type.AggregationText) ?? Aggregations.Parse(Type.OrNull?.AggregationText);

    /// <summary>The property as it stands on the field, JSON.</summary>
    internal string? AggregationText { get; init; }
}

/// <summary>
/// One type of a compiled schema. Types refer to each other by reference, so a recursive record is a cycle.
/// Immutable once compiled; any thread.
/// </summary>
public sealed class LayoutNode
{
    internal LayoutNode(AvroType type)
    {
        Type = type;
    }

    public AvroType Type { get; }

    /// <summary>The full name of a record, enum or fixed; null for others.</summary>
    public string? FullName { get; internal init; }

    /// <summary>The logical type, such as <c>timestamp-nanos</c>, whether Avro knows it or not; it never changes the encoding.</summary>
    public string? LogicalType { get; internal init; }

    /// <summary>Bytes of every value, where any bytes of that number are a valid value; null if the value must be looked at.</summary>
    public int? FixedSize { get; internal set; }

    /// <summary>Bytes of the smallest value.</summary>
    public int MinSize { get; internal set; } = int.MaxValue;

    /// <summary>The fields of a record; empty for others.</summary>
    public IReadOnlyList<LayoutField> Fields { get; internal set; } = [];

    /// <summary>The branches of a union; empty for others.</summary>
    public IReadOnlyList<LayoutNode> Branches { get; internal set; } = [];

    /// <summary>The items of an array or the values of a map; null for others.</summary>
    public LayoutNode? Items { get; internal set; }

    /// <summary>The symbols of an enum; empty for others.</summary>
    public IReadOnlyList<string> Symbols { get; internal init; } = [];

    /// <summary>The int, long, float or double that it is, or is with null in a union of two; null for others.</summary>
    public LayoutNode? Number => Type switch
    {
        AvroType.Int or AvroType.Long or AvroType.Float or AvroType.Double => this,
        AvroType.Union when OrNull is { Type: not AvroType.Union } value => value.Number,
        _ => null,
    };

    /// <summary>The other type of a union of null and one type that is no record; null for others.</summary>
    public LayoutNode? OrNull => Branches switch
    {
        [{ Type: AvroType.Null }, { Type: not (AvroType.Null or AvroType.Record) } value] => value,
        [{ Type: not (AvroType.Null or AvroType.Record) } value, { Type: AvroType.Null }] => value,
        _ => null,
    };

    /// <summary>The property as it stands on the type, JSON.</summary>
    internal string? AggregationText { get; init; }

    /// <summary>Records, arrays and maps within each other in the least nested value.</summary>
    internal int MinDepth { get; set; } = int.MaxValue;

    /// <summary>What a check does: fields of fixed size merged into one skip.</summary>
    internal Step[] Steps { get; set; } = [];

    /// <summary>The same, field by field, for an explanation that names the field.</summary>
    internal Step[] FieldSteps { get; set; } = [];

    internal bool IsOpaque => FixedSize is not null;
}
