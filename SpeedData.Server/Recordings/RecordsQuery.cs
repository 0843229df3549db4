using System.Globalization;
using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>The parameters of a request for records.</summary>
internal sealed record RecordsQuery(IReadOnlyList<string> Channels, RangeArguments Range, IReadOnlyList<string> Fields, long Every, int? MaxPoints, ExportFormat Format, bool Lossy, IReadOnlyList<string> ArrayColumns, bool KeepsNs)
{
    /// <summary>The most rows that the server computes itself.</summary>
    public const int MostPoints = 10_000;

    /// <summary>Archives without records, for channels that have recorded nothing.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <param name="query">The request's parameters.</param>
    /// <param name="channels">The names of the channels.</param>
    /// <param name="pauses">The pauses that end a run.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="ReadingException">A parameter is invalid.</exception>
    public static RecordsQuery Of(IQueryCollection query, IReadOnlyList<string> channels, IReadOnlyList<string> pauses, DateTimeOffset now)
    {
        string text = query["format"].FirstOrDefault() ?? "json";
        ExportFormat format = ExportFormats.Parse(text) ?? throw new ReadingException($"format {text}: {ExportFormats.Names} is right");
        var range = new RangeArguments(One(query, "from"), One(query, "to"), One(query, "run"), One(query, "clock"), pauses, One(query, "tag"));
        // Times without a zone are refused: a client does not know the server's zone.
        var moments = new MomentText(now, null, range.Run is null && range.Tag is null ? null : new TimeRange(0, 1));
        foreach ((string key, string? moment) in (ReadOnlySpan<(string, string?)>)[("from", range.From), ("to", range.To)])
        {
            if (moment is not null)
                moments.Parse(key, moment);
        }

        if (range.Clock is not (null or "received" or "device"))
            throw new ReadingException($"clock {range.Clock}: use received or device");
        return new RecordsQuery(channels, range, Split(query, "fields"), Number(query, "every") ?? 1, (int?)Number(query, "max_points"), format, query["lossy"] == "true", Split(query, "array_columns"), InNanoseconds(query));
    }

    /// <summary>Returns the parameter's values. Commas separate values, too.</summary>
    public static string[] Split(IQueryCollection query, string key) =>
        [.. query[key].SelectMany(list => list!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Converts the parameters to arguments of the command export.</summary>
    /// <param name="root">The archive root.</param>
    /// <param name="output">The file that the command writes.</param>
    public IEnumerable<string> Arguments(string root, string output = OutputFile.Standard)
    {
        yield return "export";
        yield return root;
        foreach ((string option, string? value) in Options(output))
        {
            if (value is not null)
                yield return $"{option}={value}";
        }

        if (Lossy)
            yield return "--lossy";
        foreach (string archive in Also)
            yield return $"--also={archive}";
    }

    private IEnumerable<(string Option, string? Value)> Options(string output) =>
    [
        ("--channel", string.Join(',', Channels)),
        ("--from", Range.From),
        ("--to", Range.To),
        ("--run", Range.Run),
        ("--tag", Range.Tag),
        ("--clock", Range.Clock),
        ("--pause", Range.Pauses.Count == 0 ? null : string.Join(',', Range.Pauses)),
        ("--array-columns", ArrayColumns.Count == 0 ? null : string.Join(',', ArrayColumns)),
        ("--time-unit", KeepsNs ? "ns" : null),
        ("--fields", Fields.Count == 0 ? null : string.Join(',', Fields)),
        ("--every", Every.ToString(CultureInfo.InvariantCulture)),
        ("--max-points", MaxPoints?.ToString(CultureInfo.InvariantCulture)),
        ("--format", Format.ToString().ToLowerInvariant()),
        ("--output", output),
    ];

    private static bool InNanoseconds(IQueryCollection query) => One(query, "time_unit") switch
    {
        null or "us" => false,
        "ns" => true,
        var other => throw new ReadingException($"time_unit {other}: use us or ns"),
    };

    private static string? One(IQueryCollection query, string key) => query[key].FirstOrDefault() is { Length: > 0 } value ? value : null;

    private static long? Number(IQueryCollection query, string key) => One(query, key) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 => number,
        var text => throw new ReadingException($"{key} {text}: use a whole number above 0"),
    };
}
