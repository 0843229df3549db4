using System.Text.Json;

namespace SpeedData.Core.Schema;

/// <summary>
/// How the values of a field in a window are combined. A schema may set it with the property <see cref="Aggregations.Property"/>.
/// </summary>
public enum Aggregation
{
    /// <summary>The value of the window's last record.</summary>
    Last,

    /// <summary>The value of the window's first record.</summary>
    First,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The root mean square.</summary>
    Rms,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The largest value.</summary>
    Max,
}

/// <summary>Reads and checks the property.</summary>
internal static class Aggregations
{
    /// <summary>The name of the property, which belongs to a field or to the object of its type.</summary>
    public const string Property = "speeddata.decimate";

    /// <summary>The allowed values, for messages.</summary>
    public const string Values = "\"last\", \"first\", \"mean\", \"rms\", \"min\" or \"max\"";

    /// <param name="json">The property's value as Apache.Avro returns it; null for none.</param>
    /// <returns>Null for none, or if the value is not an aggregation.</returns>
    public static Aggregation? Parse(string? json)
    {
        if (json is null)
            return null;
        using var value = JsonDocument.Parse(json);
        return value.RootElement.ValueKind != JsonValueKind.String ? null : value.RootElement.GetString() switch
        {
            "last" => Aggregation.Last,
            "first" => Aggregation.First,
            "mean" => Aggregation.Mean,
            "rms" => Aggregation.Rms,
            "min" => Aggregation.Min,
            "max" => Aggregation.Max,
            _ => null,
        };
    }

    /// <summary>Whether it computes with values, so that it applies to numbers only.</summary>
    public static bool WantsNumber(Aggregation aggregation) => aggregation is not (Aggregation.Last or Aggregation.First);

    /// <summary>Checks that every field, including fields of nested records, has an aggregation that suits its type.</summary>
    /// <exception cref="SchemaException">Names all fields that have not.</exception>
    public static void Demand(LayoutNode root)
    {
        var faults = new List<string>();
        Look(root, "", faults, []);
        if (faults.Count > 0)
            throw new SchemaException(string.Join("; ", faults));
    }

    private static void Look(LayoutNode node, string path, List<string> faults, HashSet<LayoutNode> seen)
    {
        if (!seen.Add(node))
            return;
        foreach (LayoutField field in node.Fields)
        {
            string place = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (Fault(field) is { } fault)
                faults.Add($"field '{place}': {fault}");
            Look(field.Type, place, faults, seen);
        }

        foreach (LayoutNode inner in node.Items is null ? node.Branches : [node.Items])
        {
            if (Unknown(inner.AggregationText) is { } fault)
                faults.Add($"in field '{path}': {fault}");
            Look(inner, path, faults, seen);
        }
    }

    private static string? Fault(LayoutField field) =>
        (Unknown(field.AggregationText) ?? Unknown(field.Type.AggregationText))
        ?? (field.Aggregation is { } asked && WantsNumber(asked) && field.Type.Number is null
            ? $"{Property} = {Text(asked)} needs an int, long, float or double, or a union of null and one of them; \"last\" and \"first\" work with any type"
            : null);

    private static string? Unknown(string? json) =>
        json is null || Parse(json) is not null ? null : $"{Property} = {AvroParser.OneLine(json)}; use {Values}";

    private static string Text(Aggregation aggregation) => $"\"{aggregation.ToString().ToLowerInvariant()}\"";
}
