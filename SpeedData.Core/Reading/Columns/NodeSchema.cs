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

    /// <summary>What holds values of either; null where a viewer, which takes one type for a property, would be misled about one of them.</summary>
    public static JsonObject? Join(JsonObject one, JsonObject other)
    {
        if (TypeOf(one, other) is not { } type)
            return null;
        JsonObject joined = Plain(type);
        if (JsonNode.DeepEquals(one["description"], other["description"]) && one["description"] is { } description)
            joined["description"] = description.DeepClone();
        if (one["properties"] is JsonObject some && other["properties"] is JsonObject others)
            joined["properties"] = JoinProperties(some, others);
        foreach (string inside in (string[])["items", "additionalProperties"])
        {
            if (one[inside] is JsonObject first && other[inside] is JsonObject second && Join(first, second) is { } both)
                joined[inside] = both;
        }

        return joined;
    }

    private static string? TypeOf(JsonObject one, JsonObject other) => ($"{one["type"]}", $"{other["type"]}") switch
    {
        var (first, second) when first == second => first,
        ("integer", "number") or ("number", "integer") => "number",
        _ => null,
    };

    private static JsonObject JoinProperties(JsonObject some, JsonObject others)
    {
        var joined = new JsonObject();
        foreach ((string name, JsonNode? property) in some.Concat(others.Where(other => !some.ContainsKey(other.Key))))
        {
            JsonNode? both = some[name] is JsonObject one && others[name] is JsonObject other ? Join(one, other) : property!.DeepClone();
            if (both is not null)
                joined[name] = both;
        }

        return joined;
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
