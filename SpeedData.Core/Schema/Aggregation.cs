using System.Text.Json;

namespace SpeedData.Core.Schema;

/// <summary>What becomes of a field's values in a window of records, as a schema may say with the property <see cref="Aggregations.Property"/>.</summary>
public enum Aggregation
{
    /// <summary>The value of the window's last record.</summary>
    Last,

    /// <summary>The value of its first.</summary>
    First,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The root of the mean of the squares.</summary>
    Rms,

    /// <summary>The smallest value.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>Reads and judges the property.</summary>
internal static class Aggregations
{
    /// <summary>Stands on a field, or in the object of its type.</summary>
    public const string Property = "speeddata.decimate";

    /// <summary>For messages: what may stand there.</summary>
    public const string Values = "\"last\", \"first\", \"mean\", \"rms\", \"min\" or \"max\"";

    /// <param name="json">The property's value as Apache.Avro hands it on; null for none.</param>
    /// <returns>Null for none, and for what is no aggregation.</returns>
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

    /// <summary>Whether it takes values apart, so that only numbers can be asked for it.</summary>
    public static bool WantsNumber(Aggregation aggregation) => aggregation is not (Aggregation.Last or Aggregation.First);

    /// <summary>Checks that every field of the record, and of the records in it, can be aggregated as it asks.</summary>
    /// <exception cref="SchemaException">With all that cannot.</exception>
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
