using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>
/// Parses and formats time spans as people write them: a number with ns, us, ms, s, min, h or d, or <c>hh:mm:ss</c>. .NET's parser is
/// not used: it reads <c>60</c> as 60 days and <c>24:00:00</c> as 24 days.
/// </summary>
internal static partial class SpanText
{
    private const string Forms = "a number with ns, us, ms, s, min, h or d, or hh:mm:ss";

    private static readonly (string Name, decimal Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("min", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ns", 1m / TimeSpan.NanosecondsPerTick),
    ];

    /// <summary>Returns a parser for spans from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static ValueParser<TimeSpan> Between(TimeSpan min, TimeSpan max) => text =>
    {
        Parsed<TimeSpan> span = Parse(text);
        return !span.IsValid || (span.Value >= min && span.Value <= max)
            ? span
            : Parsed.Refuse<TimeSpan>($"use a span from {Format(min)} to {Format(max)}");
    };

    /// <summary>Parses a span that is not negative. Spans are rounded to 100 ns.</summary>
    public static Parsed<TimeSpan> Parse(string text)
    {
        if (Clock().Match(text) is { Success: true } clock)
            return FromTicks(ClockTicks(clock));
        Match match = Number().Match(text);
        if (!match.Success)
            return Parsed.Refuse<TimeSpan>($"a span is {Forms}, for example \"500 ms\"");
        if (!match.Groups["unit"].Success)
            return Parsed.Refuse<TimeSpan>($"a bare number has no unit; a span is {Forms}, for example \"{match.Groups["number"].Value} s\"");
        foreach ((string name, decimal ticks) in Units)
        {
            if (name.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase))
                return FromTicks(Decimal(match.Groups["number"].Value) * ticks);
        }

        return Parsed.Refuse<TimeSpan>($"\"{match.Groups["unit"].Value}\" is not a unit; a span is {Forms}, for example \"{match.Groups["number"].Value} d\"");
    }

    /// <summary>Returns the shortest text that <see cref="Parse"/> reads as the same span.</summary>
    public static string Format(TimeSpan span)
    {
        foreach ((string name, decimal ticks) in Units)
        {
            if (span.Ticks % ticks == 0 && span.Ticks >= ticks)
                return $"{(span.Ticks / ticks).ToString("0", CultureInfo.InvariantCulture)} {name}";
        }

        return "0 s";
    }

    private static decimal ClockTicks(Match clock) =>
        (Decimal(clock.Groups["h"].Value) * TimeSpan.TicksPerHour)
        + (Decimal(clock.Groups["m"].Value) * TimeSpan.TicksPerMinute)
        + (Decimal(clock.Groups["s"].Value) * TimeSpan.TicksPerSecond);

    private static Parsed<TimeSpan> FromTicks(decimal ticks) => ticks <= long.MaxValue
        ? TimeSpan.FromTicks((long)decimal.Round(ticks))
        : Parsed.Refuse<TimeSpan>("use a span of less than 29,000 years");

    private static decimal Decimal(string digits) => decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    // At most 15 digits and 9 decimals: the product of such a number and a unit always fits a decimal.
    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,15}(\.[0-9]{1,9})?)\s*(?<unit>[\p{L}]+)?\s*\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*(?<h>[0-9]{1,9}):(?<m>[0-5][0-9]):(?<s>[0-5][0-9](\.[0-9]{1,9})?)\s*\z")]
    private static partial Regex Clock();
}
