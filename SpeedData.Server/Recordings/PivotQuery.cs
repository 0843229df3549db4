using System.Globalization;
using System.Text.RegularExpressions;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Recordings;

/// <summary>Why a pivot request is refused, in the words that the predecessor's clients look for.</summary>
internal sealed record PivotErrorView(string Error, double? RequestedMinutes = null, int? RequestedChannels = null);

/// <summary>The parameters of a pivot request.</summary>
internal sealed partial record PivotQuery(long FromNs, long ToNs, IReadOnlyList<string> Channels, IReadOnlyList<string> Signals)
{
    private const double MinuteNs = 60e9;

    /// <returns>The parameters; null if the request is refused.</returns>
    public static PivotQuery? Of(IQueryCollection query, PivotOptions limits, DateTimeOffset now, out int status, out PivotErrorView? error)
    {
        status = StatusCodes.Status400BadRequest;
        error = null;
        string[] channels = [.. RecordsQuery.Split(query, "channels").Distinct(StringComparer.OrdinalIgnoreCase)];
        string? start = query["start"].FirstOrDefault(), end = query["end"].FirstOrDefault(), duration = query["duration"].FirstOrDefault();
        if (string.IsNullOrWhiteSpace(start))
            return Refused("Missing required parameter: start", out error);
        if (channels.Length == 0)
            return Refused("Missing required parameter: channels", out error);
        if (string.IsNullOrWhiteSpace(end) && string.IsNullOrWhiteSpace(duration))
            return Refused("Missing required parameter: end or duration", out error);
        var moments = new MomentText(now, null);
        if (Moment(moments, "start", start, out error) is not { } from)
            return null;
        if ((string.IsNullOrWhiteSpace(end) ? from + Duration(duration!, out error) : Moment(moments, "end", end, out error)) is not { } to)
            return null;
        if (from >= to)
            return Refused("start must be before end", out error);
        status = StatusCodes.Status413PayloadTooLarge;
        double minutes = ((double)to - from) / MinuteNs;
        if (minutes > limits.MaxRange.TotalMinutes)
            error = new PivotErrorView(string.Create(CultureInfo.InvariantCulture, $"Time range exceeds maximum of {limits.MaxRange.TotalMinutes:0.###} minutes"), RequestedMinutes: Math.Round(minutes, 3));
        else if (channels.Length > limits.MaxChannels)
            error = new PivotErrorView($"Channel count exceeds maximum of {limits.MaxChannels}", RequestedChannels: channels.Length);
        return error is null ? new PivotQuery(from, to, channels, RecordsQuery.Split(query, "signals")) : null;
    }

    /// <summary>Converts the parameters to arguments of the command pivot.</summary>
    public IEnumerable<string> Arguments(string root, string output) =>
    [
        "pivot",
        root,
        .. Channels.Select(channel => $"--channel={channel}"),
        string.Create(CultureInfo.InvariantCulture, $"--from={FromNs}"),
        string.Create(CultureInfo.InvariantCulture, $"--to={ToNs}"),
        .. Signals.Select(signal => $"--signal={signal}"),
        $"--output={output}",
    ];

    private static long? Moment(MomentText moments, string key, string text, out PivotErrorView? error)
    {
        error = null;
        try
        {
            return moments.Parse(key, text);
        }
        catch (ReadingException e)
        {
            error = new PivotErrorView($"Invalid {key} timestamp: {e.Message[(key.Length + 1)..]}");
            return null;
        }
    }

    private static long? Duration(string text, out PivotErrorView? error)
    {
        error = null;
        Match match = Iso().Match(text);
        if (match.Success && Ns(match) is var ns and < long.MaxValue / 4)
            return (long)ns;
        error = new PivotErrorView($"Invalid duration: {text}: use PTnHnMnS, for example PT5M or PT1H30M");
        return null;
    }

    private static decimal Ns(Match match) => (Number(match, "h") * 3600 + Number(match, "m") * 60 + Number(match, "s")) * 1_000_000_000;

    private static decimal Number(Match match, string group) => match.Groups[group].Success ? decimal.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    private static PivotQuery? Refused(string why, out PivotErrorView? error)
    {
        error = new PivotErrorView(why);
        return null;
    }

    [GeneratedRegex(@"^PT(?=\d)((?<h>\d{1,9})H)?((?<m>\d{1,9})M)?((?<s>\d{1,9}(\.\d{1,9})?)S)?\z")]
    private static partial Regex Iso();
}
