using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Server.Reading;

/// <summary>Finds the channels that a command reads: below a path, or below the configured archive root.</summary>
internal static class ReadPlace
{
    /// <exception cref="ReadingException">There is nothing to read.</exception>
    public static IReadOnlyList<RecordedChannel> Find(PlaceArguments place) => ArchiveCatalogue.Find(PathOf(place));

    /// <exception cref="ReadingException">The configuration cannot be read.</exception>
    public static string PathOf(PlaceArguments place) => place.Path ?? ConfiguredRoot(place.ConfigFiles);

    /// <summary>Returns how much tags may keep according to the configuration; the default if there is no configuration.</summary>
    public static TagLimit TagLimitOf(PlaceArguments place) => place.Path is not null && place.ConfigFiles.Count == 0
        ? TagLimit.Suitable
        : ConfigurationFiles.Load(place.ConfigFiles, []).Configuration[$"{SpeedDataOptions.Section}:Tags:MaxBytes"] is { } text && TagLimit.Parse(text) is { } limit ? limit : TagLimit.Suitable;

    /// <summary>Returns the requested channels. If one does not exist, the error lists all that do.</summary>
    /// <exception cref="ReadingException">A channel does not exist.</exception>
    public static IReadOnlyList<RecordedChannel> Choose(IReadOnlyList<RecordedChannel> channels, IReadOnlyList<string> names)
    {
        string known = channels.Count == 0 ? "nothing was recorded there" : $"there are {string.Join(", ", channels.Select(channel => channel.Name))}";
        if (names.Count == 0)
            return channels.Count == 1 ? channels : throw new ReadingException($"--channel is needed: {known}");
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Select(name => channels.FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ReadingException($"--channel {name}: {known}"))];
    }

    /// <summary>Returns the configured folders. The rest of the configuration may be invalid.</summary>
    public static SpeedDataOptions StorageOf(ConfigurationSources sources)
    {
        var root = new SpeedDataOptions { AvroPath = PathAt("AvroPath") ?? Path.GetFullPath("data", sources.BaseDirectory), Channels = [] };
        return PathAt("ChannelsPath") is { } channels ? root with { ChannelsPath = channels } : root;

        string? PathAt(string key) => sources.Configuration[$"{SpeedDataOptions.Section}:Storage:{key}"] is { } configured && !string.IsNullOrWhiteSpace(configured)
            ? Path.GetFullPath(configured.Trim(), sources.BaseDirectory)
            : null;
    }

    private static string ConfiguredRoot(IReadOnlyList<string> files)
    {
        ConfigurationSources sources = ConfigurationFiles.Load(files, []);
        if (sources.Faults.Count > 0)
            throw new ReadingException(string.Join("; ", sources.Faults));
        return StorageOf(sources).AvroPath;
    }
}
