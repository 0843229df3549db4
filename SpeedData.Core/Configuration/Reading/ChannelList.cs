using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Reads the channels one by one.</summary>
internal sealed class ChannelList(SettingNode? defaults, string baseDirectory, Findings findings)
{
    /// <summary>The list's full key.</summary>
    public const string Path = SpeedDataOptions.Section + ":Channels";

    public IReadOnlyList<ChannelDraft> Read(SettingNode? list, IConfigurationRoot configuration)
    {
        if (!string.IsNullOrWhiteSpace(list?.Value))
            findings.Fault(Scope.Everyone, list.Path, list.Value, "this must be a list of channels, each with Name, Port and Schema");
        else if (list is not ({ HasChildren: true } or { Value: "" }))
            findings.Fault(Scope.Everyone, Path, null, NoChannels(configuration));
        var drafts = new List<ChannelDraft>();
        foreach (SettingNode node in list?.Children ?? [])
        {
            if (Draft(node, drafts.Count) is ChannelDraft draft)
                drafts.Add(draft);
        }

        return drafts;
    }

    private ChannelDraft? Draft(SettingNode node, int order)
    {
        string? name = node.Child("Name")?.Value;
        var scope = new Scope(order, string.IsNullOrWhiteSpace(name) ? $"[{node.Name}]" : name);
        if (!int.TryParse(node.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index.ToString(CultureInfo.InvariantCulture) != node.Name)
        {
            findings.Fault(scope, node.Path, node.Value, $"channels are a list: [{{ \"Name\": \"{node.Name}\", … }}], or use a number from 0 instead of \"{node.Name}\"");
            return null;
        }

        if (!string.IsNullOrWhiteSpace(node.Value))
        {
            findings.Fault(scope, node.Path, node.Value, "a channel is a group of keys: { \"Name\": …, \"Port\": …, \"Schema\": … }");
            return null;
        }

        var keys = new KeyReader(node, defaults, node.Path, scope, findings);
        ChannelOptions options = new ChannelReader(keys, baseDirectory).Read();
        keys.ReportUnknown();
        return new ChannelDraft(options, node.Path, index, scope);
    }

    private static string NoChannels(IConfigurationRoot configuration)
    {
        const string Remedy = "there are no channels; at least one with Name, Port and Schema is needed, or [] if all channels are registered over HTTP";
        IEnumerable<string> sections = configuration.GetChildren().Select(s => s.Key).Where(k => !k.Equals(SpeedDataOptions.Section, StringComparison.OrdinalIgnoreCase));
        return NearestKey.Nearest(SpeedDataOptions.Section, sections) is string nearest
            ? $"{Remedy} (there is a section \"{nearest}\"; should it be \"{SpeedDataOptions.Section}\"?)"
            : Remedy;
    }
}
