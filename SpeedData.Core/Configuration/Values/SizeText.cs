using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>Parses and formats sizes as people write them: bytes, or a number with KiB, MiB or GiB.</summary>
public static partial class SizeText
{
    private static readonly (string Name, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    /// <summary>Returns a parser for sizes from <paramref name="min"/> to <paramref name="max"/> bytes, both included.</summary>
    internal static ValueParser<long> Between(long min, long max) => text =>
    {
        Parsed<long> size = Parse(text);
        return !size.IsValid || (size.Value >= min && size.Value <= max)
            ? size
            : Parsed.Refuse<long>($"use a size from {Format(min)} to {Format(max)}");
    };

    /// <summary>Returns such a parser for sizes that fit an int.</summary>
    internal static ValueParser<int> Between(int min, int max)
    {
        ValueParser<long> inner = Between((long)min, max);
        return text => inner(text) is { IsValid: false } refused ? new Parsed<int>(0, refused.Remedy) : (int)inner(text).Value;
    }

    /// <summary>
    /// Returns a parser for powers of two from <paramref name="min"/> to <paramref name="max"/> bytes, both powers of two.
    /// </summary>
    internal static ValueParser<int> PowerOfTwo(int min, int max)
    {
        ValueParser<int> inner = Between(min, max);
        return text =>
        {
            Parsed<int> size = inner(text);
            if (!size.IsValid || int.IsPow2(size.Value))
                return size;
            int above = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size.Value);
            return Parsed.Refuse<int>($"not a power of two; use {Format(above / 2)} or {Format(above)}");
        };
    }

    internal static Parsed<long> Parse(string text)
    {
        Match match = Number().Match(text);
        decimal unit = match.Success ? UnitOf(match.Groups["unit"]) : 0;
        if (unit == 0)
            return Parsed.Refuse<long>("a size is a number of bytes, or a number with KiB, MiB or GiB, for example \"8 MiB\"");
        decimal bytes = unit * decimal.Parse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        if (bytes != decimal.Truncate(bytes))
            return Parsed.Refuse<long>("a size is a whole number of bytes");
        return bytes <= long.MaxValue ? (long)bytes : Parsed.Refuse<long>("use a size below 8 EiB");
    }

    /// <summary>Returns the shortest text that <see cref="Parse"/> reads as the same size.</summary>
    public static string Format(long bytes)
    {
        foreach ((string name, long unit) in Units)
        {
            if (bytes >= unit && bytes % unit == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit} {name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}");
    }

    /// <summary>Formats a sum that nobody parses, with three digits.</summary>
    public static string Approximate(long bytes)
    {
        foreach ((string name, long unit) in Units)
        {
            if (bytes >= unit)
                return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / unit:0.0} {name}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
    }

    private static decimal UnitOf(Group unit)
    {
        if (!unit.Success)
            return 1;
        foreach ((string name, long bytes) in Units)
        {
            if (name.Equals(unit.Value, StringComparison.OrdinalIgnoreCase))
                return bytes;
        }

        return 0;
    }

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,18}(\.[0-9]{1,9})?)\s*(?<unit>[\p{L}]+)?\s*\z")]
    private static partial Regex Number();
}
