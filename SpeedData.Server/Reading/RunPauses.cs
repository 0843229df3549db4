using Microsoft.Extensions.Configuration;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Reading;
using SpeedData.Core.Registration;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Reading;

/// <summary>How long channels may be silent within a run: from --pause, else from the configuration and the registered channels.</summary>
internal sealed class RunPauses
{
    private const string Option = "--pause";

    private readonly Dictionary<string, long> _ofChannel = new(StringComparer.OrdinalIgnoreCase);
    private long? _ofAll;

    /// <param name="given">The values of --pause: each a span or <c>CHANNEL=T</c>.</param>
    /// <param name="place">Where the recordings are. A path alone has no configuration.</param>
    /// <param name="warnings">Receives a line if the registered channels cannot be read.</param>
    /// <exception cref="ReadingException">A value is not a span.</exception>
    public static RunPauses Of(IReadOnlyList<string> given, PlaceArguments place, TextWriter warnings)
    {
        var pauses = new RunPauses();
        if (place.Path is null || place.ConfigFiles.Count > 0)
        {
            ConfigurationSources sources = ConfigurationFiles.Load(place.ConfigFiles, []);
            pauses.Registered(sources, warnings);
            // Fixed channels come last: of two channels with one name, the fixed one runs.
            pauses.Configured(sources.Configuration.GetSection(SpeedDataOptions.Section));
        }

        foreach (string text in given)
            pauses.Add(text);
        return pauses;
    }

    /// <summary>Returns the pauses of a running server's channels as values of --pause.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<Channel> channels) =>
        [.. channels.Select(channel => channel.Options).Where(channel => channel.Runs.Pause is not null).Select(channel => FormattableString.Invariant($"{channel.Name}={channel.Runs.Pause!.Value.TotalMicroseconds:0}us"))];

    /// <summary>Returns the channel's pause in ns; null if the median interval decides.</summary>
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

        // A pause for all channels on the command line overrides the configuration of single channels.
        _ofChannel.Clear();
        _ofAll = ns;
    }

    private void Configured(IConfigurationSection section)
    {
        const string Key = "Runs:Pause";
        foreach (IConfigurationSection channel in section.GetSection("Channels").GetChildren())
        {
            string? pause = channel[Key] ?? section.GetSection("Defaults")[Key];
            if (channel["Name"] is not { } name)
                continue;
            if (pause is null || pause.Equals("none", StringComparison.OrdinalIgnoreCase))
                _ofChannel.Remove(name.Trim());
            else
                _ofChannel[name.Trim()] = MomentText.Span($"{channel.Path}:{Key}", pause);
        }
    }

    private void Registered(ConfigurationSources sources, TextWriter warnings)
    {
        try
        {
            // Without the other channels and without schemas: only the pauses matter here.
            foreach (RegisteredChannel channel in RegisteredChannels.Read(sources, [], new ChannelsFolder(ReadPlace.StorageOf(sources)).ReadAll(), new ConfigurationProbes()).Channels)
            {
                if (channel.Options.Runs.Pause is { } pause)
                    _ofChannel[channel.Name] = pause.Ticks * TimeSpan.NanosecondsPerTick;
            }
        }
        catch (IOException e)
        {
            PlainText.Write(warnings, [$"SpeedData.Server: without Runs:Pause of registered channels: {e.Message}"]);
        }
    }
}
