using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>A signal of a channel, as watchers see it.</summary>
/// <param name="Name">With dots for records in records.</param>
/// <param name="Type">The Avro type; of a nullable signal that beside null.</param>
/// <param name="Unit">As the schema says; null for none.</param>
/// <param name="IsNumber">Whether it has a minimum, a maximum and a mean; else it is shown by its changes.</param>
/// <param name="IsNullable">Whether it may be absent.</param>
/// <param name="IsTime">Whether it is the device's time.</param>
/// <param name="Symbols">Of an enum; null for others.</param>
public sealed record LiveSignal(string Name, string Type, string? Unit, bool IsNumber, bool IsNullable, bool IsTime, IReadOnlyList<string>? Symbols)
{
    internal ColumnKind Kind { get; private init; }

    /// <summary>Of a channel; none while its schema is not known, or has more signals than anybody can watch.</summary>
    public static IReadOnlyList<LiveSignal> Of(RecordSchema? schema, ChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (schema is null)
            return [];
        try
        {
            TimeField? time = TimeField.Find(schema.Layout, options.Time.Field, options.Time.UnitNs);
            IReadOnlyDictionary<string, string> units = SchemaUnits.Of(schema.Text);
            // Where two have one name, nobody could say which is meant.
            return [.. Signal.Of(schema.Layout).DistinctBy(signal => signal.Name).Select(signal => Of(signal, units.GetValueOrDefault(signal.Name), time))];
        }
        catch (ReadingException)
        {
            return [];
        }
    }

    private static LiveSignal Of(Signal signal, string? unit, TimeField? time) => new(
        signal.Name,
        signal.Node.Type.ToString().ToLowerInvariant(),
        unit,
        new ColumnSpec(signal.Name, signal.Kind, signal.IsNullable).IsNumeric,
        signal.IsNullable,
        signal.Name == time?.Name,
        signal.Node.Type == AvroType.Enum ? signal.Node.Symbols : null)
    {
        Kind = signal.Kind,
    };
}
