using System.Text.Json;

namespace SpeedData.Core.Reading.Columns;

/// <summary>Reads the units of signals: the property <c>unit</c> or <c>units</c> of a field, or of its type.</summary>
public static class SchemaUnits
{
    private const int MostDepth = 64;

    /// <returns>The units by signal name, with dots for nested records.</returns>
    public static IReadOnlyDictionary<string, string> Of(string schema)
    {
        var units = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = MostDepth });
            Look(json.RootElement, "", units);
        }
        catch (JsonException)
        {
            // Compiling the schema reports its faults.
        }

        return units;
    }

    private static void Look(JsonElement type, string prefix, Dictionary<string, string> units)
    {
        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement branch in type.EnumerateArray())
                Look(branch, prefix, units);
        }

        if (type.ValueKind != JsonValueKind.Object || !type.TryGetProperty("fields", out JsonElement fields) || fields.ValueKind != JsonValueKind.Array)
            return;
        foreach (JsonElement field in fields.EnumerateArray())
            Field(field, prefix, units);
    }

    private static void Field(JsonElement field, string prefix, Dictionary<string, string> units)
    {
        if (field.ValueKind != JsonValueKind.Object || !field.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String)
            return;
        string path = prefix + name.GetString();
        bool hasType = field.TryGetProperty("type", out JsonElement type);
        if ((Unit(field) ?? (hasType ? OfType(type) : null)) is { } unit)
            units[path] = unit;
        if (hasType)
            Look(type, path + ".", units);
    }

    private static string? OfType(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Object => Unit(type),
        JsonValueKind.Array => type.EnumerateArray().Select(branch => branch.ValueKind == JsonValueKind.Object ? Unit(branch) : null).FirstOrDefault(unit => unit is not null),
        _ => null,
    };

    private static string? Unit(JsonElement holder)
    {
        foreach (string key in (string[])["unit", "units"])
        {
            if (holder.TryGetProperty(key, out JsonElement unit) && unit.ValueKind == JsonValueKind.String)
                return unit.GetString();
        }

        return null;
    }
}
