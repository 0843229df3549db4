using System.Globalization;
using System.Text.Json;

namespace SpeedData.Tests.Server.Http.Registering;

/// <summary>An OpenAPI document that finds the parts of an answer it does not allow.</summary>
internal sealed class DescribedApi(JsonElement document)
{
    public IEnumerable<string> Paths => document.GetProperty("paths").EnumerateObject().Select(path => path.Name);

    public List<string> ObjectionsTo(string method, string template, int status, JsonElement answer)
    {
        var objections = new List<string>();
        if (!document.GetProperty("paths").TryGetProperty(template, out JsonElement path) || !path.TryGetProperty(method.ToLowerInvariant(), out JsonElement operation))
            return [$"{method} {template} is not described"];
        if (!operation.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out JsonElement response))
            return [$"{status} of {method} {template} is not described"];
        if (!response.TryGetProperty("content", out JsonElement content) || !content.GetProperty("application/json").TryGetProperty("schema", out JsonElement schema))
            return [$"the body of {status} of {method} {template} is not described"];
        Check(schema, answer, "$", objections);
        return objections;
    }

    private void Check(JsonElement schema, JsonElement value, string at, List<string> objections)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out JsonElement oneOf) || schema.TryGetProperty("anyOf", out oneOf))
        {
            if (!oneOf.EnumerateArray().Any(one => Fits(one, value, at)))
                objections.Add($"{at} is none of the alternatives: {value}");
            return;
        }

        if (schema.TryGetProperty("type", out JsonElement types) && !TypesOf(types).Any(type => IsOf(type, value)))
            objections.Add($"{at} is {value.ValueKind}, not {types}");
        if (value.ValueKind == JsonValueKind.Object)
            CheckObject(schema, value, at, objections);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            foreach (JsonElement item in value.EnumerateArray())
                Check(items, item, at + "[]", objections);
        }
    }

    private bool Fits(JsonElement schema, JsonElement value, string at)
    {
        var objections = new List<string>();
        Check(schema, value, at, objections);
        return objections.Count == 0;
    }

    private void CheckObject(JsonElement schema, JsonElement value, string at, List<string> objections)
    {
        foreach (JsonElement name in schema.TryGetProperty("required", out JsonElement required) ? required.EnumerateArray() : [])
        {
            if (!value.TryGetProperty(name.GetString()!, out _))
                objections.Add($"{at}.{name} is missing");
        }

        if (!schema.TryGetProperty("properties", out JsonElement known))
            return;
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (known.TryGetProperty(property.Name, out JsonElement of))
                Check(of, property.Value, $"{at}.{property.Name}", objections);
            else
                objections.Add($"{at}.{property.Name} is not described");
        }
    }

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out JsonElement reference))
            schema = reference.GetString()!.TrimStart('#', '/').Split('/').Aggregate(document, (element, name) => element.GetProperty(name));
        return schema;
    }

    private static IEnumerable<string> TypesOf(JsonElement types) => types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(type => type.GetString()!) : [types.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
