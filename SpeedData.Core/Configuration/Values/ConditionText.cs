using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeedData.Core.Configuration.Values;

/// <summary>Parses conditions as people write them: <c>engine.rpm &gt; 500 for 2 s</c>.</summary>
internal static partial class ConditionText
{
    private const string Remedy = "a condition compares one signal with a value, for example \"engine.state == RUNNING\" or \"engine.rpm > 500 for 2 s\"; the operators are ==, !=, <, <=, > and >=";

    // Far longer than any real condition. The pattern may be slow for longer texts.
    private const int MostCharacters = 1000;

    public static Parsed<TagCondition> Parse(string text)
    {
        if (text.Length > MostCharacters)
            return Parsed.Refuse<TagCondition>($"a condition has at most {MostCharacters:N0} characters");
        Match match = Form().Match(text);
        if (!match.Success)
            return Parsed.Refuse<TagCondition>(Remedy);
        bool isText = match.Groups["quoted"].Success;
        string value = isText ? match.Groups["quoted"].Value : match.Groups["plain"].Value;
        TagOperator by = OperatorOf(match.Groups["operator"].Value);
        double? number = !isText && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) ? parsed : null;
        if (number is { } none && double.IsNaN(none))
            return Parsed.Refuse<TagCondition>("no value compares with NaN; put a text that is called so in quotes");
        if (number is null && by is not (TagOperator.Is or TagOperator.IsNot))
            return Parsed.Refuse<TagCondition>($"'{value}' is not a number; only == and != compare texts");
        TimeSpan span = TimeSpan.Zero;
        if (match.Groups["for"].Success)
        {
            Parsed<TimeSpan> given = SpanText.Parse(match.Groups["for"].Value);
            if (!given.IsValid)
                return Parsed.Refuse<TagCondition>($"'for {match.Groups["for"].Value}': {given.Remedy}");
            span = given.Value;
        }

        return new TagCondition(match.Groups["signal"].Value, by, value) { For = span, Number = number, Text = text.Trim() };
    }

    private static TagOperator OperatorOf(string text) => text switch
    {
        "==" or "=" => TagOperator.Is,
        "!=" => TagOperator.IsNot,
        "<" => TagOperator.Less,
        "<=" => TagOperator.LessOrEqual,
        ">" => TagOperator.Greater,
        _ => TagOperator.GreaterOrEqual,
    };

    [GeneratedRegex(@"^\s*(?<signal>[^\s=!<>""']+\.[^\s=!<>""'.]+)\s*(?<operator>==|=|!=|<=|<|>=|>)\s*(""(?<quoted>[^""]*)""|'(?<quoted>[^']*)'|(?<plain>[^\s""'=!<>]+))(\s+for\s+(?<for>.+?))?\s*\z")]
    private static partial Regex Form();
}
