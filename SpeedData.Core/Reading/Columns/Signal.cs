using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>A value of a record that gets its own column.</summary>
/// <param name="Name">The signal's name, with dots for nested records.</param>
/// <param name="Kind">The kind of its column.</param>
/// <param name="IsNullable">Whether the value may be missing.</param>
/// <param name="Node">The signal's type in the schema.</param>
public sealed record Signal(string Name, ColumnKind Kind, bool IsNullable, LayoutNode Node)
{
    /// <summary>The most columns of a table. More are of no use, and a schema may define 2^60.</summary>
    public const int Most = 20_000;

    /// <summary>Returns all signals of a record in their order.</summary>
    /// <exception cref="ReadingException">There are too many signals.</exception>
    public static IReadOnlyList<Signal> Of(RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var signals = new List<Signal>();
        int looked = 0;
        foreach (LayoutField field in layout.Root.Fields)
            Add(field.Type, field.Name, isNullable: false, signals, ref looked);
        return signals;
    }

    /// <summary>Returns the record type whose fields become columns: the type itself, or the record in a union with null.</summary>
    internal static LayoutNode? RecordOf(LayoutNode node)
    {
        LayoutNode? record = node.Type == AvroType.Record ? node : Optional(node) is { Type: AvroType.Record } optional ? optional : null;
        return record is not null && !IsRecursive(record, []) ? record : null;
    }

    /// <summary>Returns the other type of a union of null and one type; null for other types.</summary>
    internal static LayoutNode? Optional(LayoutNode node) => node.Branches switch
    {
        [{ Type: AvroType.Null }, { Type: not AvroType.Null } value] => value,
        [{ Type: not AvroType.Null } value, { Type: AvroType.Null }] => value,
        _ => null,
    };

    internal static ColumnKind KindOf(LayoutNode node) => node.Type switch
    {
        AvroType.Boolean => ColumnKind.Boolean,
        AvroType.Int => ColumnKind.Int32,
        AvroType.Long => ColumnKind.Int64,
        AvroType.Float => ColumnKind.Float32,
        AvroType.Double => ColumnKind.Float64,
        AvroType.String or AvroType.Enum or AvroType.Null => ColumnKind.Text,
        AvroType.Bytes or AvroType.Fixed => ColumnKind.Binary,
        _ => ColumnKind.Json,
    };

    /// <summary>
    /// Returns the item type of an array of plain values; null for other types. Items without bytes are excluded, because their number is
    /// unlimited.
    /// </summary>
    internal static LayoutNode? ItemOf(LayoutNode node) =>
        node is { Type: AvroType.Array, Items: { FixedSize: not 0 } item } && (Optional(item) ?? item) is { FixedSize: not 0, Type: not AvroType.Union } value && KindOf(value) != ColumnKind.Json ? item : null;

    private static void Add(LayoutNode node, string name, bool isNullable, List<Signal> signals, ref int looked)
    {
        if (++looked > Most)
            throw new ReadingException($"the schema defines more than {Most:N0} signals; export the records unchanged with --format avro");
        bool isOptional = Optional(node) is not null;
        if (RecordOf(node) is { } record)
        {
            foreach (LayoutField field in record.Fields)
                Add(field.Type, $"{name}.{field.Name}", isNullable || isOptional, signals, ref looked);
            return;
        }

        LayoutNode value = Optional(node) ?? node;
        ColumnKind kind = isOptional || node.Type != AvroType.Union ? KindOf(value) : ColumnKind.Json;
        signals.Add(new Signal(name, kind, isNullable || isOptional || value.Type == AvroType.Null || node.Branches.Any(branch => branch.Type == AvroType.Null), value));
    }

    private static bool IsRecursive(LayoutNode record, HashSet<LayoutNode> seen)
    {
        var inside = new Stack<LayoutNode>([.. record.Fields.Select(field => field.Type)]);
        while (inside.TryPop(out LayoutNode? node))
        {
            if (node == record)
                return true;
            if (!seen.Add(node))
                continue;
            foreach (LayoutNode inner in node.Fields.Select(field => field.Type).Concat(node.Branches).Concat(node.Items is null ? [] : [node.Items]))
                inside.Push(inner);
        }

        return false;
    }
}
