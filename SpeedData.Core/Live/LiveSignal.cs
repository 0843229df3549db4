using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>A signal of a channel for watchers.</summary>
/// <param name="Name">The signal's name, with dots for nested records.</param>
/// <param name="Type">The Avro type, without null.</param>
/// <param name="Unit">The unit from the schema; null for none.</param>
/// <param name="IsNumber">Whether the signal has a minimum, a maximum and a mean. If not, its changes are shown.</param>
/// <param name="IsNullable">Whether the signal's value may be null.</param>
/// <param name="IsPartial">Whether some schema of the channel lacks the signal.</param>
/// <param name="IsTime">Whether the signal is the device's time.</param>
/// <param name="Symbols">The symbols of an enum; null for other types.</param>
public sealed record LiveSignal(string Name, string Type, string? Unit, bool IsNumber, bool IsNullable, bool IsPartial, bool IsTime, IReadOnlyList<string>? Symbols)
{
    internal ColumnKind Kind { get; private init; }

    /// <summary>Unit of the device's time in nanoseconds.</summary>
    internal long TimeUnitNs { get; private init; } = 1;

    /// <summary>
    /// Returns the signals of a channel: all signals of its schemas, in their order. Empty if the schemas are unknown or have too many
    /// signals to watch.
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

    /// <summary>Whether a column of the signal can hold the type that a schema has for the signal.</summary>
    internal bool Takes(ColumnKind kind) => Wider(Kind, kind) == Kind;

    private static LiveSignal[] Of(RecordSchema schema, TimeOptions options)
    {
        TimeField? time = TimeField.Find(schema.Layout, options.Field, options.UnitNs);
        IReadOnlyDictionary<string, string> units = SchemaUnits.Of(schema.Text);
        // A name that two signals share is ambiguous, so the first one is taken.
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

    /// <summary>Combines the signal with the same signal of another schema.</summary>
    private LiveSignal With(LiveSignal other)
    {
        ColumnKind kind = Wider(Kind, other.Kind);
        long timeUnit = Math.Min(TimeUnitNs, other.TimeUnitNs);
        return this with
        {
            Kind = kind,
            Type = Type == other.Type ? Type : TypeOf(kind),
            // A value axis can have only one unit.
            Unit = Unit == other.Unit ? Unit : IsTime && other.IsTime ? UnitOf(timeUnit) : null,
            IsNumber = IsNumeric(kind),
            IsNullable = IsNullable || other.IsNullable,
            IsTime = IsTime && other.IsTime,
            Symbols = Symbols is null || other.Symbols is null ? null : [.. Symbols.Union(other.Symbols)],
            TimeUnitNs = timeUnit,
        };
    }

    private static bool IsNumeric(ColumnKind kind) => new ColumnSpec("", kind, true).IsNumeric;

    /// <summary>Returns the kind that can hold both. Types with nothing in common are shown as JSON.</summary>
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
