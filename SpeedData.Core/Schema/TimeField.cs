using System.Globalization;

namespace SpeedData.Core.Schema;

/// <summary>
/// The field that holds the device's time, unless the configuration names one: the first top-level long with a timestamp logical type
/// (Avro specification 1.12, "Logical Types"), otherwise a long named <c>time</c>. Immutable; any thread.
/// </summary>
public sealed class TimeField
{
    /// <summary>The metadata key of an archive that keeps the configured field and unit.</summary>
    public const string HeaderKey = "speeddata.time";

    private const string UsualName = "time";
    private const long MicrosecondNs = 1_000, MillisecondNs = 1_000_000, SecondNs = 1_000_000_000;

    private readonly IntegerField _field;

    private TimeField(RecordLayout layout, int index, long? unitNs)
    {
        _field = new IntegerField(layout, index);
        UnitNs = unitNs ?? UnitOf(layout.Root.Fields[index].Type.LogicalType) ?? 1;
    }

    /// <summary>The index among the record's fields.</summary>
    public int Index => _field.Index;

    public string Name => _field.Name;

    /// <summary>
    /// The nanoseconds of one unit: 1, 1,000, 1,000,000 or 1,000,000,000. If not configured, from the logical type, otherwise 1.
    /// </summary>
    public long UnitNs { get; }

    /// <summary>The value of <see cref="HeaderKey"/>: the field and the nanoseconds of its unit.</summary>
    public string HeaderText => FormattableString.Invariant($"{Name} {UnitNs}");

    /// <summary>Returns the time field that a file's header names; if it names none, the one of the schema.</summary>
    public static TimeField? Of(RecordLayout layout, string? headerText)
    {
        string[] parts = headerText?.Split(' ') ?? [];
        return parts is [var name, var unit] && Candidates(layout).Contains(name) && long.TryParse(unit, NumberStyles.None, CultureInfo.InvariantCulture, out long ns) && ns is 1 or MicrosecondNs or MillisecondNs or SecondNs
            ? Find(layout, name, ns)
            : Find(layout);
    }

    /// <summary>Finds the time field of a schema.</summary>
    /// <param name="layout">The schema.</param>
    /// <param name="name">The name of a top-level long to use instead.</param>
    /// <param name="unitNs">The nanoseconds of one unit, whatever the logical type says.</param>
    /// <returns>Null if the schema has no time field, or no top-level long of that name.</returns>
    public static TimeField? Find(RecordLayout layout, string? name = null, long? unitNs = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int index = name is null
            ? IndexOf(layout, field => UnitOf(field.Type.LogicalType) is not null)
            : IndexOf(layout, field => field.Name == name);
        if (index < 0 && name is null)
            index = IndexOf(layout, field => field.Name == UsualName);
        return index < 0 ? null : new TimeField(layout, index, unitNs);
    }

    /// <summary>Returns the names of the fields that can be the time field.</summary>
    public static IEnumerable<string> Candidates(RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout.Root.Fields.Where(IsLong).Select(field => field.Name);
    }

    /// <summary>
    /// Reads the time of a record in Unix nanoseconds. A <c>local-timestamp</c> is read as if its clock were UTC. Ignores everything
    /// after the field. Allocates nothing.
    /// </summary>
    /// <returns>
    /// False if the bytes end or are invalid before the field's end, or if the time does not fit 64 bits (years 1677 to 2262).
    /// </returns>
    public bool TryRead(ReadOnlySpan<byte> record, out long unixNs)
    {
        unixNs = 0;
        if (!_field.TryRead(record, out long value))
            return false;
        long high = Math.BigMul(value, UnitNs, out long low);
        if (high != low >> 63)
            return false;
        unixNs = low;
        return true;
    }

    private static int IndexOf(RecordLayout layout, Func<LayoutField, bool> isMeant)
    {
        for (int i = 0; i < layout.Root.Fields.Count; i++)
        {
            if (IsLong(layout.Root.Fields[i]) && isMeant(layout.Root.Fields[i]))
                return i;
        }

        return -1;
    }

    private static bool IsLong(LayoutField field) => field.Type.Type == AvroType.Long;

    private static long? UnitOf(string? logicalType) => logicalType switch
    {
        "timestamp-millis" or "local-timestamp-millis" => MillisecondNs,
        "timestamp-micros" or "local-timestamp-micros" => MicrosecondNs,
        "timestamp-nanos" or "local-timestamp-nanos" => 1,
        _ => null,
    };
}
