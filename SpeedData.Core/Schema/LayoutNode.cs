namespace SpeedData.Core.Schema;

/// <summary>A field of a record. Fields are in the order of the encoding.</summary>
/// <param name="Name">The signal's name.</param>
/// <param name="Type">The field's type.</param>
public sealed record LayoutField(string Name, LayoutNode Type)
{
    /// <summary>The aggregation that the schema sets for decimation; null if it sets none.</summary>
    public Aggregation? Aggregation => Aggregations.Parse(AggregationText) ?? Aggregations.Parse(Type.AggregationText) ?? Aggregations.Parse(Type.OrNull?.AggregationText);

    /// <summary>The property on the field, as JSON.</summary>
    internal string? AggregationText { get; init; }
}

/// <summary>
/// One type of a compiled schema. Types refer to each other directly, so a recursive record forms a cycle. Immutable once compiled;
/// any thread.
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

    /// <summary>The logical type, such as <c>timestamp-nanos</c>, whether Avro defines it or not. It never changes the encoding.</summary>
    public string? LogicalType { get; internal init; }

    /// <summary>The size of every value if any bytes of that size are a valid value; null if values must be checked.</summary>
    public int? FixedSize { get; internal set; }

    /// <summary>The size of the smallest value in bytes.</summary>
    public int MinSize { get; internal set; } = int.MaxValue;

    /// <summary>The fields of a record; empty for others.</summary>
    public IReadOnlyList<LayoutField> Fields { get; internal set; } = [];

    /// <summary>The branches of a union; empty for others.</summary>
    public IReadOnlyList<LayoutNode> Branches { get; internal set; } = [];

    /// <summary>The items of an array or the values of a map; null for others.</summary>
    public LayoutNode? Items { get; internal set; }

    /// <summary>The symbols of an enum; empty for others.</summary>
    public IReadOnlyList<string> Symbols { get; internal init; } = [];

    /// <summary>The int, long, float or double node: this type itself, or the one in a union with null; null for other types.</summary>
    public LayoutNode? Number => Type switch
    {
        AvroType.Int or AvroType.Long or AvroType.Float or AvroType.Double => this,
        AvroType.Union when OrNull is { Type: not AvroType.Union } value => value.Number,
        _ => null,
    };

    /// <summary>The other type in a union of null and one type that is not a record; null for other types.</summary>
    public LayoutNode? OrNull => Branches switch
    {
        [{ Type: AvroType.Null }, { Type: not (AvroType.Null or AvroType.Record) } value] => value,
        [{ Type: not (AvroType.Null or AvroType.Record) } value, { Type: AvroType.Null }] => value,
        _ => null,
    };

    /// <summary>The property on the type, as JSON.</summary>
    internal string? AggregationText { get; init; }

    /// <summary>The nesting depth of records, arrays and maps in the least nested value.</summary>
    internal int MinDepth { get; set; } = int.MaxValue;

    /// <summary>The steps of a check. Neighbouring fields of fixed size are merged into one skip.</summary>
    internal Step[] Steps { get; set; } = [];

    /// <summary>The steps of an explanation: one per field, so that it can name the field.</summary>
    internal Step[] FieldSteps { get; set; } = [];

    internal bool IsOpaque => FixedSize is not null;
}
