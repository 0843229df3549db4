using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeedData.Core.Schema;

/// <summary>
/// Translates a schema file to the form that Apache.Avro can parse. The file's own text stays unchanged. A logical type becomes a
/// plain property, because Apache.Avro refuses some that the specification says to ignore (a date on a long, a uuid on a fixed), and
/// never reads one on a field. Docs are removed, because Apache.Avro reads a doc that looks like a date as a date and then misses the
/// text. An <c>error</c> becomes a record, as the specification defines it.
/// </summary>
internal sealed class AvscDialect
{
    /// <summary>The property that carries a logical type through Apache.Avro.</summary>
    public const string LogicalTypeTag = "speeddata.logicalType";

    /// <summary>The allowed types, for messages.</summary>
    public const string Types = "null, boolean, int, long, float, double, bytes, string, record, enum, array, map, fixed and unions of them";

    private const string LogicalType = "logicalType";

    private static readonly string[] Primitives = ["boolean", "int", "long", "float", "double", "bytes", "string"];

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _warnings = [];
    private readonly bool _unwraps;

    private AvscDialect(bool unwraps) => _unwraps = unwraps;

    /// <summary>Returns the schema for Apache.Avro, and warnings for its author.</summary>
    /// <param name="text">Strict JSON.</param>
    public static (string Text, IReadOnlyList<string> Warnings) Translate(string text)
    {
        var dialect = new AvscDialect(unwraps: false);
        return (dialect.Translated(text), dialect._warnings);
    }

    /// <summary>Returns another writer's schema for Apache.Avro: a type that is wrapped in an object is unwrapped.</summary>
    public static string Unwrap(string text) => new AvscDialect(unwraps: true).Translated(text);

    private string Translated(string text)
    {
        var schema = JsonNode.Parse(text);
        if (_unwraps)
            schema = Unwrapped(schema);
        Type(schema, "");
        return schema?.ToJsonString() ?? "null";
    }

    private static JsonNode? Unwrapped(JsonNode? type)
    {
        while (type is JsonObject wrapper && wrapper["type"] is JsonObject or JsonArray)
            type = wrapper["type"]!.DeepClone();
        return type;
    }

    private void Type(JsonNode? type, string path)
    {
        switch (type)
        {
            case JsonArray branches:
                for (int i = 0; i < branches.Count; i++)
                {
                    if (_unwraps && Unwrapped(branches[i]) is var plain && plain != branches[i])
                        branches[i] = plain;
                    Type(branches[i], path);
                }
                break;
            case JsonObject holder:
                Definition(holder, path);
                break;
        }
    }

    private void Definition(JsonObject holder, string path)
    {
        if (_unwraps)
            UnwrapInside(holder);
        else
            DemandFlat(holder, path);
        holder.Remove("doc");
        if ((holder["type"] as JsonValue)?.ToString() == "error")
            holder["type"] = "record";
        TagLogicalType(holder, path);
        if (holder["fields"] is JsonArray fields)
        {
            foreach (var field in fields.OfType<JsonObject>())
                Field(field, path);
        }
        Type(holder["items"], path + "[]");
        Type(holder["values"], path + "{}");
    }

    // Apache.Avro for .NET accepts this form, and writes it for some logical types. Hardly any other reader of the archive
    // accepts it.
    private static void DemandFlat(JsonObject holder, string path)
    {
        if (holder["type"] is JsonObject or JsonArray)
            throw new SchemaException($"{Place(path)}: a type is wrapped in an object unnecessarily; replace the object by what is inside its \"type\", with its logicalType");
    }

    private static void UnwrapInside(JsonObject holder)
    {
        foreach (string place in (string[])["items", "values"])
        {
            if (Unwrapped(holder[place]) is var plain && plain != holder[place])
                holder[place] = plain;
        }

        foreach (var field in (holder["fields"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (Unwrapped(field["type"]) is var plain && plain != field["type"])
                field["type"] = plain;
        }
    }

    private void Field(JsonObject field, string outer)
    {
        string path = (outer.Length == 0 ? "" : outer + ".") + Name(field);
        field.Remove("doc");
        if (field.TryGetPropertyValue(LogicalType, out var logical))
        {
            field.Remove(LogicalType);
            Move(logical, field, path);
        }
        Type(field["type"], path);
    }

    /// <summary>Treats a logical type on a field as if it were on the field's type, if it is clear which type that is.</summary>
    private void Move(JsonNode? logical, JsonObject field, string path)
    {
        var type = field["type"]?.DeepClone();
        var meant = logical is JsonValue ? WithLogicalType(type, logical) : null;
        if (meant is null)
        {
            _warnings.Add($"field '{path}': its logicalType is beside the type and is ignored; write it inside the type, as in \"type\": {{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}}");
            return;
        }
        field["type"] = meant;
        _warnings.Add($"field '{path}': its logicalType is beside the type, where other Avro readers ignore it; write \"type\": {meant.ToJsonString(AsWritten)}");
    }

    private static JsonNode? WithLogicalType(JsonNode? type, JsonNode logical) => type switch
    {
        JsonValue when Primitives.Contains(type.ToString()) => new JsonObject { ["type"] = type.DeepClone(), [LogicalType] = logical.DeepClone() },
        JsonArray branches => WithLogicalType(branches, logical),
        JsonObject definition when !definition.ContainsKey(LogicalType) => Added(definition, logical),
        JsonObject definition => definition,
        _ => null,
    };

    private static JsonArray? WithLogicalType(JsonArray branches, JsonNode logical)
    {
        var values = branches.Where(branch => (branch as JsonValue)?.ToString() != "null").ToArray();
        if (values is not [{ } meant] || WithLogicalType(meant.DeepClone(), logical) is not { } marked)
            return null;
        branches[branches.IndexOf(meant)] = marked;
        return branches;
    }

    private static JsonObject Added(JsonObject definition, JsonNode logical)
    {
        definition[LogicalType] = logical.DeepClone();
        return definition;
    }

    private void TagLogicalType(JsonObject holder, string path)
    {
        if (!holder.Remove(LogicalType, out var logical))
            return;
        if (logical is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            _warnings.Add($"{Place(path)}: its logicalType is not a text and is ignored; write a name, as in \"logicalType\": \"timestamp-nanos\"");
        else
            holder[LogicalTypeTag] = logical.DeepClone();
    }

    private static string Place(string path) => path.Length == 0 ? "the record" : $"field '{path}'";

    private static string Name(JsonObject field) => (field["name"] as JsonValue)?.ToString() ?? "?";
}
