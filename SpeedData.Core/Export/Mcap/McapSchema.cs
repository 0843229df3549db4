using System.Text.Json.Nodes;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Mcap;

/// <summary>
/// The JSON schema of a topic's messages. Viewers take one type for a property, so what may be null or a text such as NaN is
/// called by its usual type.
/// </summary>
/// <param name="shape">Columns of the rows.</param>
/// <param name="nodes">Types by signal.</param>
internal sealed class McapSchema(TableShape shape, ILookup<string, LayoutNode> nodes)
{
    // A schema of a few lines can define 10^9 fields.
    private const int Most = 20_000, MostDepth = 32;

    private readonly Stack<LayoutNode> _around = [];
    private int _looked;

    public string ToJson()
    {
        var properties = new JsonObject();
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            ColumnSpec column = shape.Columns[i];
            JsonObject type = TypeOf(column, shape.SignalOf(i) is { } signal ? nodes[signal].FirstOrDefault() : null);
            if (column.Unit is { } unit)
                type["description"] = unit;
            properties[column.Name] = type;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties }.ToJsonString();
    }

    private JsonObject TypeOf(ColumnSpec column, LayoutNode? node) => column.Kind switch
    {
        ColumnKind.Boolean => Plain("boolean"),
        ColumnKind.Int32 or ColumnKind.Int64 => Plain("integer"),
        ColumnKind.Float32 or ColumnKind.Float64 => Plain("number"),
        ColumnKind.Json when node is not null => TypeOf(node),
        _ => Plain("string"),
    };

    private JsonObject TypeOf(LayoutNode node)
    {
        LayoutNode value = Signal.Optional(node) ?? node;
        return value.Type switch
        {
            AvroType.Boolean => Plain("boolean"),
            AvroType.Int or AvroType.Long => Plain("integer"),
            AvroType.Float or AvroType.Double => Plain("number"),
            AvroType.Array => Inside(value, "array", "items", () => TypeOf(value.Items!)),
            AvroType.Map => Inside(value, "object", "additionalProperties", () => TypeOf(value.Items!)),
            AvroType.Record => Inside(value, "object", "properties", () => Properties(value)),
            _ => Plain("string"),
        };
    }

    /// <summary>A type with what is in it, unless that is itself again, or too much.</summary>
    private JsonObject Inside(LayoutNode value, string type, string key, Func<JsonObject> inside)
    {
        JsonObject all = Plain(type);
        if (++_looked > Most || _around.Count > MostDepth || _around.Contains(value))
            return all;
        _around.Push(value);
        all[key] = inside();
        _around.Pop();
        return all;
    }

    private JsonObject Properties(LayoutNode record)
    {
        var properties = new JsonObject();
        foreach (LayoutField field in record.Fields.TakeWhile(_ => ++_looked <= Most))
            properties[field.Name] = TypeOf(field.Type);
        return properties;
    }

    private static JsonObject Plain(string type) => new() { ["type"] = type };
}
