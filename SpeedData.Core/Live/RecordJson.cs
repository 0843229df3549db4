using System.Text.Json.Nodes;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Writes whole records as JSON. One thread.</summary>
public sealed class RecordJson
{
    private readonly JsonText _plain = new(), _predecessors = new() { NotFiniteIsNull = true };
    private (RecordLayout Layout, TimeField? Field)? _time;

    /// <summary>A record with all its fields. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record, RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var bytes = new RecordBytes(record);
        return _plain.Of(layout.Root, ref bytes);
    }

    /// <summary>A record as the predecessor sends it: <c>time</c> is an ISO text, and every number a plain one. Valid until the next call.</summary>
    /// <param name="record">Its bytes.</param>
    /// <param name="layout">What it is.</param>
    /// <param name="options">Name the time field.</param>
    /// <param name="receivedNs">Its time where it has none.</param>
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

    /// <summary>The JSON schema of <see cref="Of"/> for records of any of these schemas; units are descriptions.</summary>
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
