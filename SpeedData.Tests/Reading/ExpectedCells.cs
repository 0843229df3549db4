using System.Globalization;
using System.Text.Json;
using Avro.Generic;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Reading;

/// <summary>Expected columns of a record that Apache.Avro decoded. Null values are left out.</summary>
internal static class ExpectedCells
{
    public static Dictionary<string, object> Of(GenericRecord record)
    {
        var cells = new Dictionary<string, object>(StringComparer.Ordinal);
        string? time = record.Schema.Fields.Find(field => field.Schema.Tag == AvroSchema.Type.Logical || IsTimestamp(field.Schema))?.Name;
        foreach (Avro.Field field in record.Schema.Fields)
            Add(field.Schema, record.GetValue(field.Pos), field.Name == time ? "time_ns" : field.Name, record.Schema, cells);
        return cells;
    }

    /// <summary>Whether the JSON value equals the decoded value.</summary>
    public static bool IsSame(JsonElement json, object? value) => value switch
    {
        null => json.ValueKind == JsonValueKind.Null,
        bool truth => json.ValueKind == (truth ? JsonValueKind.True : JsonValueKind.False),
        int or long => json.ValueKind == JsonValueKind.Number && json.GetRawText() == ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        float single => json.ValueKind == JsonValueKind.Number && json.GetSingle().Equals(single),
        double number => json.ValueKind == JsonValueKind.Number && json.GetDouble().Equals(number),
        string text => json.ValueKind == JsonValueKind.String && json.GetString() == text,
        byte[] bytes => json.ValueKind == JsonValueKind.String && json.GetString() == Convert.ToHexStringLower(bytes),
        GenericFixed fixedBytes => IsSame(json, fixedBytes.Value),
        GenericEnum choice => IsSame(json, choice.Value),
        GenericRecord record => json.ValueKind == JsonValueKind.Object && json.EnumerateObject().Count() == record.Schema.Fields.Count
            && record.Schema.Fields.TrueForAll(field => IsSame(json.GetProperty(field.Name), record.GetValue(field.Pos))),
        IDictionary<string, object> map => json.ValueKind == JsonValueKind.Object && json.EnumerateObject().Count() == map.Count && map.All(pair => IsSame(json.GetProperty(pair.Key), pair.Value)),
        Array items => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == items.Length && json.EnumerateArray().Zip(items.Cast<object?>()).All(pair => IsSame(pair.First, pair.Second)),
        _ => throw new InvalidOperationException($"{value.GetType()}"),
    };

    private static void Add(AvroSchema schema, object? value, string name, AvroSchema root, Dictionary<string, object> cells)
    {
        if (schema is Avro.UnionSchema { Count: 2 } union && union.Schemas.Any(branch => branch.Tag == AvroSchema.Type.Null))
            schema = union.Schemas.First(branch => branch.Tag != AvroSchema.Type.Null);
        if (value is null)
            return;
        if (schema is not Avro.RecordSchema record || ReferenceEquals(schema, root))
        {
            cells.Add(name, value);
            return;
        }

        foreach (Avro.Field field in record.Fields)
            Add(field.Schema, ((GenericRecord)value).GetValue(field.Pos), $"{name}.{field.Name}", root, cells);
    }

    private static bool IsTimestamp(AvroSchema schema) => schema.Tag == AvroSchema.Type.Long && schema.GetProperty("logicalType") == "\"timestamp-nanos\"";
}
