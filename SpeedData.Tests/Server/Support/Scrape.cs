using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeedData.Tests.Server.Support;

/// <summary>A parsed scrape in the Prometheus text format.</summary>
internal sealed partial class Scrape
{
    public Scrape(string text)
    {
        Text = text;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Comment().Match(line) is { Success: true } comment)
                (comment.Groups["kind"].Value == "TYPE" ? Types : Helps)[comment.Groups["name"].Value] = comment.Groups["rest"].Value;
            else if (Sample().Match(line) is { Success: true } sample)
                Series[sample.Groups["name"].Value + "{" + sample.Groups["labels"].Value + "}"] = double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
            else
                throw new FormatException($"neither comment nor sample: {line}");
        }
    }

    public string Text { get; }

    public Dictionary<string, string> Types { get; } = [];

    public Dictionary<string, string> Helps { get; } = [];

    public Dictionary<string, double> Series { get; } = [];

    /// <summary>Value of a channel's series, optionally with one more label.</summary>
    public double Of(string name, string channel, string? label = null) =>
        Series[$"{name}{{channel=\"{channel}\"{(label is null ? "" : "," + label)}}}"];

    public IEnumerable<string> SeriesOf(string name) => Series.Keys.Where(k => k.StartsWith(name + "{", StringComparison.Ordinal));

    [GeneratedRegex("^# (?<kind>TYPE|HELP) (?<name>[a-z0-9_]+) (?<rest>.+)$")]
    private static partial Regex Comment();

    [GeneratedRegex("^(?<name>[a-z0-9_]+)\\{(?<labels>.*)\\} (?<value>[^ ]+)$")]
    private static partial Regex Sample();
}
