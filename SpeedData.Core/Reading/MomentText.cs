using System.Globalization;
using System.Text.RegularExpressions;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Reading;

/// <summary>
/// Parses times as people write them: ISO 8601 with a zone, or without one in local time, <c>14:02:10</c> or <c>14:02:10Z</c> today,
/// <c>-10min</c>, <c>now</c>, Unix nanoseconds. Within a run or tag, <c>+30s</c> counts from its start and <c>-30s</c> from its end.
/// </summary>
public sealed partial class MomentText(DateTimeOffset now, TimeZoneInfo? local, TimeRange? run = null)
{
    /// <summary>The years that both ISO 8601 texts and nanoseconds in 64 bits can represent: 1678 to 2261.</summary>
    public const long LeastNs = -9_214_560_000_000_000_000, LastNs = 9_214_646_399_999_999_999;

    private const string Years = "the year must be from 1678 to 2261", Forms = "2026-11-26T14:02:10Z, 14:02:10, -10min, now or Unix nanoseconds";

    /// <returns>The time as Unix time in ns.</returns>
    /// <exception cref="ReadingException">The text is not a valid time.</exception>
    public long Parse(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text == "now")
            return TimeText.NsOf(now);
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return long.TryParse(text, CultureInfo.InvariantCulture, out long ns) && ns <= LastNs ? ns : throw Wrong(key, text, $"not valid Unix nanoseconds; {Years}");
        if (text.StartsWith('-') || text.StartsWith('+'))
            return Relative(key, text);
        if (Clock().Match(text) is { Success: true } clock)
        {
            TimeZoneInfo zone = clock.Groups["zone"].Success ? TimeZoneInfo.Utc : Local(key, text);
            return At(key, text, TimeZoneInfo.ConvertTime(now, zone).Date, clock, zone);
        }

        return Iso().Match(Basic().Replace(text, "$1-$2-$3T$4:$5:$6")) is { Success: true } iso ? At(key, text, iso) : throw Wrong(key, text, $"use {Forms}");
    }

    /// <summary>Parses a time span such as <c>10min</c> to ns.</summary>
    /// <exception cref="ReadingException">The text is not a time span.</exception>
    public static long Span(string key, string text) =>
        Distance(key, text) is > 0 and var ns ? ns : throw Wrong(key, text, "the time span must be above 0, for example 10ms");

    /// <summary>Parses a time span that may be 0.</summary>
    private static long Distance(string key, string text)
    {
        Parsed<TimeSpan> span = SpanText.Parse(text);
        if (!span.IsValid)
            throw Wrong(key, text, span.Remedy!);
        return span.Value.Ticks < long.MaxValue / TimeSpan.NanosecondsPerTick
            ? span.Value.Ticks * TimeSpan.NanosecondsPerTick
            : throw Wrong(key, text, "the time span is too long");
    }

    private long Relative(string key, string text)
    {
        long span = Distance(key, text[1..]);
        if (text[0] == '+' && run?.FromNs is null)
            throw Wrong(key, text, "+ counts from the start of a run or tag; give --run or --tag, or a time such as -10min");
        Int128 moment = text[0] == '+' ? (Int128)run!.Value.FromNs!.Value + span : (Int128)(run?.ToNs ?? TimeText.NsOf(now)) - span;
        return moment >= LeastNs && moment <= LastNs ? (long)moment : throw Wrong(key, text, Years);
    }

    private long At(string key, string text, Match iso)
    {
        bool isDate = DateTime.TryParseExact(iso.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date);
        if (!isDate)
            throw Wrong(key, text, "this day does not exist");
        Group zone = iso.Groups["zone"];
        if (!zone.Success)
            return At(key, text, date, iso, Local(key, text));
        if (zone.Value is "Z" or "z")
            return At(key, text, date, iso, TimeZoneInfo.Utc);
        // An unescaped + in a URL arrives as a space.
        string digits = zone.Value.Replace(":", "", StringComparison.Ordinal);
        long minutes = (int.Parse(digits[1..3], CultureInfo.InvariantCulture) * 60) + (digits.Length > 3 ? int.Parse(digits[3..5], CultureInfo.InvariantCulture) : 0);
        return At(key, text, date, iso, TimeZoneInfo.Utc) - ((digits[0] == '-' ? -minutes : minutes) * 60_000_000_000);
    }

    private static long At(string key, string text, DateTime date, Match clock, TimeZoneInfo zone)
    {
        string fraction = clock.Groups["fraction"].Value.PadRight(9, '0');
        (int hours, int minutes, int seconds) = (Number(clock, "h"), Number(clock, "m"), Number(clock, "s"));
        if (hours > 23 || minutes > 59 || seconds > 59)
            throw Wrong(key, text, "hours go to 23, minutes and seconds to 59");
        var moment = new DateTime(date.Year, date.Month, date.Day, hours, minutes, seconds, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(moment))
            throw Wrong(key, text, "the clocks were set forward over this time; add a zone");
        if (moment.Year is < 1678 or > 2261)
            throw Wrong(key, text, Years);
        return TimeText.NsOf(TimeZoneInfo.ConvertTimeToUtc(moment, zone)) + int.Parse(fraction, CultureInfo.InvariantCulture);
    }

    private TimeZoneInfo Local(string key, string text) => local ?? throw Wrong(key, text, "a time without a zone depends on the machine; add Z, as in 2026-11-26T14:02:10Z");

    private static int Number(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    private static ReadingException Wrong(string key, string text, string why) => new($"{key} {text}: {why}");

    [GeneratedRegex(@"^(?<h>\d{1,2}):(?<m>\d{2})(:(?<s>\d{2})([.,](?<fraction>\d{1,9}))?)?(?<zone>[Zz])?\z")]
    private static partial Regex Clock();

    // The format of a run's id.
    [GeneratedRegex(@"^(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2})")]
    private static partial Regex Basic();

    [GeneratedRegex(@"^(?<date>\d{4}-\d{2}-\d{2})([Tt ](?<h>\d{2}):(?<m>\d{2})(:(?<s>\d{2})([.,](?<fraction>\d{1,9})\d*)?)?(?<zone>[Zz]|[+\- ]\d{2}(:?\d{2})?)?)?\z")]
    private static partial Regex Iso();
}
