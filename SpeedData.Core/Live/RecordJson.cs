using System.Text.Json.Nodes;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Writes complete records as JSON. One thread.</summary>
public sealed class RecordJson
{
    private readonly JsonText _plain = new(), _predecessors = new() { NotFiniteIsNull = true };
    private (RecordLayout Layout, TimeField? Field)? _time;

    /// <summary>Writes a record with all its fields. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record, RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var bytes = new RecordBytes(record);
        return _plain.Of(layout.Root, ref bytes);
    }

    /// <summary>
    /// Writes a record in the predecessor's format: <c>time</c> is an ISO text, and all numbers are plain. Valid until the next call.
    /// </summary>
    /// <param name="record">The record's bytes.</param>
    /// <param name="layout">The record's layout.</param>
    /// <param name="options">Options that name the time field.</param>
    /// <param name="receivedNs">Time of receipt, for a record without a time.</param>
    public ReadOnlySpan<byte> AsPredecessor(ReadOnlySpan<byte> record, RecordLayout layout, ChannelOptions options, long receivedNs)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(options);
        if (_time?.Layout != layout)
            _time = (layout, TimeField.Find(layout, options.Time.Field, options.Time.UnitNs));
        TimeField? field = _time.Value.Field;
        long ns = field is not null && field.TryRead(record, out long device) ? device : receivedNs;
        var bytes = new RecordBytes(record);
        return _predecessors.WithTime(layout.Root, ref bytes, DateTime.UnixEpoch.AddTicks(ns / 100), field?.Name);
    }

    /// <summary>Creates the JSON schema of <see cref="Of"/> for records of any of these schemas. Units become descriptions.</summary>
    public static string SchemaOf(RecordSchemas schemas)
    {
        ArgumentNullException.ThrowIfNull(schemas);
        return schemas.Select(SchemaOf).Aggregate((all, other) => NodeSchema.Join(all, other)!).ToJsonString();
    }

    private static JsonObject SchemaOf(RecordSchema schema)
    {
        JsonObject all = new NodeSchema().Of(schema.Layout.Root);
        foreach ((string signal, string unit) in SchemaUnits.Of(schema.Text))
        {
            if (all["properties"]?[signal] is JsonObject property)
                property["description"] = unit;
        }

        return all;
    }
}
