using System.Text.Json.Nodes;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// The JSON schema of what <see cref="JsonText"/> writes. Viewers take one type for a property, so what may be null or a text
/// such as NaN is called by its usual type. One thread.
/// </summary>
internal sealed class NodeSchema
{
    // A schema of a few lines can define 10^9 fields.
    private const int Most = 20_000, MostDepth = 32;

    private readonly Stack<LayoutNode> _around = [];
    private int _looked;

    /// <summary>The schema of a type's values.</summary>
    public JsonObject Of(LayoutNode node)
    {
        LayoutNode value = Signal.Optional(node) ?? node;
        return value.Type switch
        {
            AvroType.Boolean => Plain("boolean"),
            AvroType.Int or AvroType.Long => Plain("integer"),
            AvroType.Float or AvroType.Double => Plain("number"),
            AvroType.Array => Inside(value, "array", "items", () => Of(value.Items!)),
            AvroType.Map => Inside(value, "object", "additionalProperties", () => Of(value.Items!)),
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
            properties[field.Name] = Of(field.Type);
        return properties;
    }

    private static JsonObject Plain(string type) => new() { ["type"] = type };
}
