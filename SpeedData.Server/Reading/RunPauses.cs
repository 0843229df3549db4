using Microsoft.Extensions.Configuration;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Reading;

/// <summary>How long the channels may be silent within a run: as it was asked for, else as the configuration says.</summary>
internal sealed class RunPauses
{
    private const string Option = "--pause";

    private readonly Dictionary<string, long> _ofChannel = new(StringComparer.OrdinalIgnoreCase);
    private long? _ofAll;

    /// <param name="given">Each a span, or <c>CHANNEL=T</c>.</param>
    /// <param name="place">Where to read; a path alone has no configuration.</param>
    /// <exception cref="ReadingException">One is no span.</exception>
    public static RunPauses Of(IReadOnlyList<string> given, PlaceArguments place)
    {
        var pauses = new RunPauses();
        if (place.Path is null || place.ConfigFiles.Count > 0)
            pauses.Configured(ConfigurationFiles.Load(place.ConfigFiles, []).Configuration.GetSection(SpeedDataOptions.Section));
        foreach (string text in given)
            pauses.Add(text);
        return pauses;
    }

    /// <summary>What a running server's channels have, as the option is given to a command.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<Channel> channels) =>
        [.. channels.Select(channel => channel.Options).Where(channel => channel.Runs.Pause is not null).Select(channel => FormattableString.Invariant($"{channel.Name}={channel.Runs.Pause!.Value.TotalMicroseconds:0}us"))];

    /// <summary>In ns; null for the usual one.</summary>
    public long? Of(string channel) => _ofChannel.TryGetValue(channel, out long ns) ? ns : _ofAll;

    private void Add(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        long ns = MomentText.Span(Option, text[(equals + 1)..]);
        if (equals >= 0)
        {
            _ofChannel[text[..equals]] = ns;
            return;
        }

        // What is asked for all channels is stronger than what is configured for one.
        _ofChannel.Clear();
        _ofAll = ns;
    }

    private void Configured(IConfigurationSection section)
    {
        const string Key = "Runs:Pause";
        foreach (IConfigurationSection channel in section.GetSection("Channels").GetChildren())
        {
            string? pause = channel[Key] ?? section.GetSection("Defaults")[Key];
            if (channel["Name"] is { } name && pause is not null && !pause.Equals("none", StringComparison.OrdinalIgnoreCase))
                _ofChannel[name.Trim()] = MomentText.Span($"{channel.Path}:{Key}", pause);
        }
    }
}
