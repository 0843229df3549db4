using System.Globalization;

namespace SpeedData.Core.Schema;

/// <summary>
/// The field that holds the device's time: the first top-level long with a timestamp logical type (Avro specification 1.12,
/// "Logical Types"), else a long named <c>time</c>, unless another is asked for. Immutable; any thread.
/// </summary>
public sealed class TimeField
{
    /// <summary>Key of an archive's header that keeps which field and unit were configured.</summary>
    public const string HeaderKey = "speeddata.time";

    private const string UsualName = "time";
    private const long MicrosecondNs = 1_000, MillisecondNs = 1_000_000, SecondNs = 1_000_000_000;

    private readonly IntegerField _field;

    private TimeField(RecordLayout layout, int index, long? unitNs)
    {
        _field = new IntegerField(layout, index);
        UnitNs = unitNs ?? UnitOf(layout.Root.Fields[index].Type.LogicalType) ?? 1;
    }

    /// <summary>Its place among the record's fields.</summary>
    public int Index => _field.Index;

    public string Name => _field.Name;

    /// <summary>Nanoseconds of one unit: 1, 1,000, 1,000,000 or 1,000,000,000. By the logical type, else 1, unless another is asked for.</summary>
    public long UnitNs { get; }

    /// <summary>Value of <see cref="HeaderKey"/>: the field and the nanoseconds of its unit.</summary>
    public string HeaderText => FormattableString.Invariant($"{Name} {UnitNs}");

    /// <summary>The time field as a file's header says; where it says nothing, as the schema does.</summary>
    public static TimeField? Of(RecordLayout layout, string? headerText)
    {
        string[] parts = headerText?.Split(' ') ?? [];
        return parts is [var name, var unit] && Candidates(layout).Contains(name) && long.TryParse(unit, NumberStyles.None, CultureInfo.InvariantCulture, out long ns) && ns is 1 or MicrosecondNs or MillisecondNs or SecondNs
            ? Find(layout, name, ns)
            : Find(layout);
    }

    /// <summary>Finds the time field of a schema.</summary>
    /// <param name="layout">The schema.</param>
    /// <param name="name">The field to take instead; a top-level long.</param>
    /// <param name="unitNs">Nanoseconds of one unit, whatever the logical type says.</param>
    /// <returns>Null if the schema has none, or no top-level long of that name.</returns>
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

    /// <summary>The names of the fields that could be the time field.</summary>
    public static IEnumerable<string> Candidates(RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return layout.Root.Fields.Where(IsLong).Select(field => field.Name);
    }

    /// <summary>
    /// The time of a record in Unix nanoseconds; of a <c>local-timestamp</c> as if its clock were UTC. Looks at nothing behind
    /// the field. Allocates nothing.
    /// </summary>
    /// <returns>False if the bytes end or are wrong before it, or where 64 bits of nanoseconds (years 1677 to 2262) do not hold it.</returns>
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
