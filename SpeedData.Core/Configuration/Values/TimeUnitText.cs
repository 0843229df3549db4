namespace SpeedData.Core.Configuration.Values;

/// <summary>Converts between units of a device's clock and nanoseconds.</summary>
public static class TimeUnitText
{
    private static readonly (string Name, long Ns)[] Units = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    /// <summary>Returns the unit's name; null for null.</summary>
    public static string? Format(long? ns) => Units.FirstOrDefault(unit => unit.Ns == ns).Name;

    internal static Parsed<long?> Parse(string text)
    {
        foreach ((string name, long ns) in Units)
        {
            if (name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
                return ns;
        }

        return Parsed.Refuse<long?>("use ns, us, ms or s; none means the unit of the field's logical type, else ns");
    }
}
