namespace SpeedData.Core.Schema;

/// <summary>The field that says when the device took the record. Immutable; any thread.</summary>
public sealed class TimeField
{
    private readonly RecordLayout? _before;
    private readonly long _nsPerUnit;

    private TimeField(string name, RecordLayout? before, long nsPerUnit)
    {
        Name = name;
        _before = before;
        _nsPerUnit = nsPerUnit;
    }

    public string Name { get; }

    /// <summary>The first top-level long with a timestamp logical type, else a long named <c>time</c>; null where there is neither.</summary>
    public static TimeField? Find(RecordLayout layout)
    {
        IReadOnlyList<LayoutField> fields = layout.Root.Fields;
        int index = IndexOf(fields, field => field.Type.LogicalType?.Contains("timestamp-", StringComparison.Ordinal) == true);
        if (index < 0)
            index = IndexOf(fields, field => field.Name == "time");
        return index < 0 ? null : new TimeField(fields[index].Name, LayoutVariants.First(layout.Root, index), NsPerUnit(fields[index].Type.LogicalType));
    }

    /// <summary>Reads it from a valid record; walks only what lies before it, and allocates nothing.</summary>
    /// <param name="record">A record, or its beginning.</param>
    /// <param name="unixNs">Unix time in ns.</param>
    /// <returns>False if it is outside the years 1678 to 2262, which a long of ns holds.</returns>
    public bool TryRead(ReadOnlySpan<byte> record, out long unixNs)
    {
        unixNs = 0;
        int at = 0;
        if (_before is not null && _before.Measure(record, out at) != RecordFaultKind.None)
            return false;
        int length = Varint.Measure(record[at..]);
        if (length <= 0)
            return false;
        Int128 ns = (Int128)Varint.Decode(record.Slice(at, length)) * _nsPerUnit;
        unixNs = (long)ns;
        return ns == unixNs;
    }

    private static int IndexOf(IReadOnlyList<LayoutField> fields, Func<LayoutField, bool> isTime)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields[i].Type.Type == AvroType.Long && isTime(fields[i]))
                return i;
        }

        return -1;
    }

    private static long NsPerUnit(string? logicalType) => logicalType switch
    {
        not null when logicalType.EndsWith("-millis", StringComparison.Ordinal) => 1_000_000,
        not null when logicalType.EndsWith("-micros", StringComparison.Ordinal) => 1_000,
        _ => 1,
    };
}
