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
/// <param name="IsNullable">Whether its value may be null.</param>
/// <param name="IsPartial">Whether a schema of the channel does not have it.</param>
/// <param name="IsTime">Whether it is the device's time.</param>
/// <param name="Symbols">Of an enum; null for others.</param>
public sealed record LiveSignal(string Name, string Type, string? Unit, bool IsNumber, bool IsNullable, bool IsPartial, bool IsTime, IReadOnlyList<string>? Symbols)
{
    internal ColumnKind Kind { get; private init; }

    /// <summary>Nanoseconds of a unit of the device's time.</summary>
    internal long TimeUnitNs { get; private init; } = 1;

    /// <summary>
    /// Of a channel: what any of its schemas has, in their order. None while they are not known, or have more signals than anybody
    /// can watch.
    /// </summary>
    public static IReadOnlyList<LiveSignal> Of(RecordSchemas? schemas, ChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (schemas is null)
            return [];
        try
        {
            var all = new OrderedDictionary<string, LiveSignal>(StringComparer.Ordinal);
            for (int i = 0; i < schemas.Count; i++)
                Join(all, Of(schemas[i], options.Time), isFirst: i == 0);
            return [.. all.Values];
        }
        catch (ReadingException)
        {
            return [];
        }
    }

    /// <summary>Whether a column of the signal takes what a schema has under its name.</summary>
    internal bool Takes(ColumnKind kind) => Wider(Kind, kind) == Kind;

    private static LiveSignal[] Of(RecordSchema schema, TimeOptions options)
    {
        TimeField? time = TimeField.Find(schema.Layout, options.Field, options.UnitNs);
        IReadOnlyDictionary<string, string> units = SchemaUnits.Of(schema.Text);
        // Where two have one name, nobody could say which is meant.
        return [.. Signal.Of(schema.Layout).DistinctBy(signal => signal.Name).Select(signal => Of(signal, units.GetValueOrDefault(signal.Name), time))];
    }

    private static LiveSignal Of(Signal signal, string? unit, TimeField? time)
    {
        bool isTime = signal.Name == time?.Name;
        return new LiveSignal(
            signal.Name,
            signal.Node.Type.ToString().ToLowerInvariant(),
            isTime ? unit ?? UnitOf(time!.UnitNs) : unit,
            IsNumeric(signal.Kind),
            signal.IsNullable,
            IsPartial: false,
            isTime,
            signal.Node.Type == AvroType.Enum ? signal.Node.Symbols : null)
        {
            Kind = signal.Kind,
            TimeUnitNs = isTime ? time!.UnitNs : 1,
        };
    }

    private static void Join(OrderedDictionary<string, LiveSignal> all, LiveSignal[] schema, bool isFirst)
    {
        foreach (string name in all.Keys.Except(schema.Select(signal => signal.Name)).ToArray())
            all[name] = all[name] with { IsPartial = true };
        foreach (LiveSignal signal in schema)
            all[signal.Name] = all.TryGetValue(signal.Name, out LiveSignal? known) ? known.With(signal) : signal with { IsPartial = !isFirst };
    }

    /// <summary>The same signal in another schema.</summary>
    private LiveSignal With(LiveSignal other)
    {
        ColumnKind kind = Wider(Kind, other.Kind);
        long timeUnit = Math.Min(TimeUnitNs, other.TimeUnitNs);
        return this with
        {
            Kind = kind,
            Type = Type == other.Type ? Type : TypeOf(kind),
            // Two units on one axis would be wrong for one of them.
            Unit = Unit == other.Unit ? Unit : IsTime && other.IsTime ? UnitOf(timeUnit) : null,
            IsNumber = IsNumeric(kind),
            IsNullable = IsNullable || other.IsNullable,
            IsTime = IsTime && other.IsTime,
            Symbols = Symbols is null || other.Symbols is null ? null : [.. Symbols.Union(other.Symbols)],
            TimeUnitNs = timeUnit,
        };
    }

    private static bool IsNumeric(ColumnKind kind) => new ColumnSpec("", kind, true).IsNumeric;

    /// <summary>What holds both. Types that have nothing in common are shown as JSON.</summary>
    private static ColumnKind Wider(ColumnKind one, ColumnKind other) =>
        one == other ? one
        : !IsNumeric(one) || !IsNumeric(other) ? ColumnKind.Json
        : (one, other) is (ColumnKind.Int32 or ColumnKind.Int64, ColumnKind.Int32 or ColumnKind.Int64) ? ColumnKind.Int64 : ColumnKind.Float64;

    private static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Int64 => "long",
        ColumnKind.Float64 => "double",
        ColumnKind.Text => "string",
        ColumnKind.Binary => "bytes",
        _ => "union",
    };

    private static string UnitOf(long ns) => ns switch
    {
        1 => "ns",
        1_000 => "us",
        1_000_000 => "ms",
        _ => "s",
    };
}
