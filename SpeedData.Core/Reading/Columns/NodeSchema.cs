using System.Text.Json.Nodes;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Creates the JSON schema for the output of <see cref="JsonText"/>. Viewers accept one type per property, so a value that may also be null
/// or a text such as NaN gets its usual type. One thread.
/// </summary>
internal sealed class NodeSchema
{
    // A limit, because a schema of a few lines can define 10^9 fields.
    private const int Most = 20_000, MostDepth = 32;

    private readonly Stack<LayoutNode> _around = [];
    private int _looked;

    /// <summary>Creates the schema for values of a type.</summary>
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

    /// <summary>Joins two schemas. Null if they have no common type, because viewers accept only one type per property.</summary>
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

    /// <summary>Adds the inner schema to a type, unless the type is recursive or the schema too large.</summary>
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
