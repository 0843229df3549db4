using Microsoft.Extensions.Configuration;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Validation;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>
/// Parses the texts of the configuration into options, once, at start. It reports all faults together. .NET's binder is not used: it
/// merges lists that should replace each other, reads <c>60</c> as 60 days, and does not report unknown keys.
/// </summary>
public static class ConfigurationReader
{
    /// <summary>Reads the result of <see cref="ConfigurationFiles.Load"/>. The faults of the files come first.</summary>
    /// <param name="sources">Files, environment and command line.</param>
    /// <param name="probes">Answers questions about the outside world; null for the real answers.</param>
    public static ConfigurationResult Read(ConfigurationSources sources, ConfigurationProbes? probes = null)
    {
        ConfigurationResult read = Read(sources.Configuration, sources.BaseDirectory, probes);
        if (sources.Faults.Count == 0)
            return read;
        // A file that cannot be read is one fault. Keys that are missing because of it are not reported.
        IEnumerable<ConfigurationFault> others = read.Faults.Where(f => f.Key != ChannelList.Path || f.Value is not null);
        return read with { Options = null, Faults = [.. sources.Faults, .. others] };
    }

    /// <summary>Reads the section <see cref="SpeedDataOptions.Section"/>. Never throws because of a user's text.</summary>
    /// <param name="configuration">All providers, in their order.</param>
    /// <param name="baseDirectory">The absolute folder that relative paths start from.</param>
    /// <param name="probes">Answers questions about the outside world; null for the real answers.</param>
    public static ConfigurationResult Read(IConfigurationRoot configuration, string baseDirectory, ConfigurationProbes? probes = null)
    {
        var findings = new Findings();
        SettingNode section = SettingTree.Read(configuration, SpeedDataOptions.Section);
        var keys = new KeyReader(section, null, section.Path, Scope.Everyone, findings);
        SettingNode? defaults = ReadDefaults(keys.Subtree("Defaults"), baseDirectory, findings);
        IReadOnlyList<ChannelDraft> drafts = new ChannelList(defaults, baseDirectory, findings).Read(keys.Subtree("Channels"), configuration);
        KeyReader storage = keys.Group("Storage");
        KeyReader pivot = keys.Group("Pivot");
        KeyReader api = keys.Group("Api");
        var standard = new PivotOptions();
        var options = new SpeedDataOptions
        {
            RequireMount = storage.Value("RequireMount", PlainValues.Switch, false),
            AvroPath = storage.Value("AvroPath", PathText.Parser(baseDirectory), Path.GetFullPath("data", baseDirectory)),
            ChannelsPath = storage.Optional("ChannelsPath", PathText.Parser(baseDirectory))!,
            DrainFor = keys.Group("Shutdown").Value("DrainFor", Ranges.DrainFor, SpeedDataOptions.DefaultDrainFor),
            Readers = api.Value("Readers", PlainValues.Between(1, 64), SpeedDataOptions.DefaultReaders),
            Api = new ApiReader(api, baseDirectory, findings).Read(),
            PagesPath = keys.Group("Pages").Optional("Path", PathText.Parser(baseDirectory)),
            Watchers = keys.Group("Live").Value("Watchers", PlainValues.Between(1, 1000), SpeedDataOptions.DefaultWatchers),
            Pivot = new PivotOptions
            {
                MaxRange = pivot.Value("MaxRange", Ranges.PivotRange, standard.MaxRange),
                MaxChannels = pivot.Value("MaxChannels", PlainValues.Between(1, 1000), standard.MaxChannels),
            },
            Tags = new TagsReader(keys.Group("Tags"), findings).Read(),
            Channels = [.. drafts.Select(d => d.Options)],
        };
        keys.ReportUnknown();
        OneFilePerChannel.Check(configuration, drafts, findings);
        Validators.CheckAll(drafts, findings, probes ?? new ConfigurationProbes());
        return new ConfigurationResult(findings.Faults.Count == 0 ? options : null, findings.Faults, findings.Warnings);
    }

    /// <summary>
    /// Checks the defaults separately, so that a fault in them is reported once and not for every channel.
    /// </summary>
    private static SettingNode? ReadDefaults(SettingNode? defaults, string baseDirectory, Findings findings)
    {
        if (defaults is null)
            return null;
        if (!string.IsNullOrWhiteSpace(defaults.Value))
            findings.Fault(Scope.Defaults, defaults.Path, defaults.Value, "this is a group of keys, not a value");
        var keys = new KeyReader(defaults, null, defaults.Path, Scope.Defaults, findings);
        new ChannelReader(keys, baseDirectory).Read();
        keys.ReportUnknown();
        return defaults;
    }
}
