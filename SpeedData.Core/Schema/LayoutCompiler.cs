using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AvroSchema = Avro.Schema;

namespace SpeedData.Core.Schema;

/// <summary>Compiles a schema that Apache.Avro parsed into nodes that can be walked. Refuses schemas that no record can match.</summary>
internal sealed partial class LayoutCompiler
{
    private readonly Dictionary<AvroSchema, LayoutNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly List<LayoutNode> _all = [];
    private readonly bool _anyName;

    private LayoutCompiler(bool anyName) => _anyName = anyName;

    /// <exception cref="SchemaException">The schema is well formed, but no datagram can be a record of it.</exception>
    public static LayoutNode Compile(Avro.RecordSchema schema)
    {
        var compiler = new LayoutCompiler(anyName: false);
        var root = compiler.Node(schema);
        compiler.Settle();
        LayoutLimits.DemandDatagram(root);
        Aggregations.Demand(root);
        return root;
    }

    /// <summary>Compiles a schema of any type and size, as a record with that one value, which has the same encoding.</summary>
    /// <exception cref="SchemaException">The schema has no valid value.</exception>
    public static LayoutNode CompileAny(AvroSchema schema)
    {
        // Java's reflection names nested classes with a $. Names do not matter to the encoding.
        var compiler = new LayoutCompiler(anyName: true);
        var root = compiler.Node(schema);
        if (root.Type != AvroType.Record)
        {
            root = new LayoutNode(AvroType.Record) { Fields = [new LayoutField("value", root)] };
            compiler._all.Add(root);
        }
        compiler.Settle();
        return root;
    }

    private void Settle()
    {
        LayoutSizes.Settle(_all);
        LayoutLimits.DemandValues(_all);
        foreach (var node in _all)
        {
            node.Steps = Step.Inside(node, merge: true);
            node.FieldSteps = Step.Inside(node, merge: false);
        }
    }

    // A type that is defined once and named again is one object in Apache.Avro. So recursion ends at nodes that already exist.
    private LayoutNode Node(AvroSchema schema)
    {
        if (_nodes.TryGetValue(schema, out var known))
            return known;
        var node = Create(schema);
        _nodes.Add(schema, node);
        Contain(node, schema);
        _all.Add(node);
        return node;
    }

    private LayoutNode Create(AvroSchema schema) => new(TypeOf(schema.Tag))
    {
        FullName = schema is Avro.NamedSchema named ? Name(named) : null,
        LogicalType = LogicalTypeOf(schema),
        AggregationText = schema.GetProperty(Aggregations.Property),
        Symbols = schema is Avro.EnumSchema choice ? [.. choice.Symbols.Select(Symbol)] : [],
        FixedSize = schema.Tag switch
        {
            AvroSchema.Type.Null => 0,
            AvroSchema.Type.Float => sizeof(float),
            AvroSchema.Type.Double => sizeof(double),
            AvroSchema.Type.Fixed => ((Avro.FixedSchema)schema).Size,
            _ => null,
        },
    };

    private void Contain(LayoutNode node, AvroSchema schema)
    {
        switch (schema)
        {
            case Avro.RecordSchema record:
                node.Fields = [.. record.Fields.Select(field => new LayoutField(field.Name, Node(field.Schema)) { AggregationText = field.GetProperty(Aggregations.Property) })];
                break;
            case Avro.ArraySchema array:
                node.Items = Node(array.ItemSchema);
                break;
            case Avro.MapSchema map:
                node.Items = Node(map.ValueSchema);
                break;
            case Avro.UnionSchema union:
                node.Branches = [.. union.Schemas.Select(Node)];
                break;
        }
    }

    private static AvroType TypeOf(AvroSchema.Type tag) => tag switch
    {
        AvroSchema.Type.Null => AvroType.Null,
        AvroSchema.Type.Boolean => AvroType.Boolean,
        AvroSchema.Type.Int => AvroType.Int,
        AvroSchema.Type.Long => AvroType.Long,
        AvroSchema.Type.Float => AvroType.Float,
        AvroSchema.Type.Double => AvroType.Double,
        AvroSchema.Type.Bytes => AvroType.Bytes,
        AvroSchema.Type.String => AvroType.String,
        AvroSchema.Type.Fixed => AvroType.Fixed,
        AvroSchema.Type.Enumeration => AvroType.Enum,
        AvroSchema.Type.Record => AvroType.Record,
        AvroSchema.Type.Array => AvroType.Array,
        AvroSchema.Type.Map => AvroType.Map,
        AvroSchema.Type.Union => AvroType.Union,
        _ => throw new SchemaException($"type '{AvroSchema.GetTypeString(tag)}' cannot be part of a record; the types are {AvscDialect.Types}"),
    };

    private static string? LogicalTypeOf(AvroSchema schema) =>
        schema.GetProperty(AvscDialect.LogicalTypeTag) is { } json && (JsonNode.Parse(json) as JsonValue)?.TryGetValue(out string? text) == true ? text : null;

    // Apache.Avro accepts names that other readers of the archive refuse.
    private string Name(Avro.NamedSchema named) =>
        _anyName || named.Fullname.Split('.').All(part => NamePattern().IsMatch(part))
            ? named.Fullname
            : throw new SchemaException($"'{named.Fullname}' is not a name: each part between dots must start with a letter or _ and continue with letters, digits and _");

    private string Symbol(string symbol) =>
        _anyName || NamePattern().IsMatch(symbol)
            ? symbol
            : throw new SchemaException($"enum symbol '{symbol}' is not a name: it must start with a letter or _ and continue with letters, digits and _");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex NamePattern();
}
