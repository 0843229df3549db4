using System.Text.Json;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Validation;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Registered;

/// <summary>Reads the files of registered channels and checks them against each other and against the other channels.</summary>
public static class RegisteredChannels
{
    // Names of Windows devices, with any extension. Such a file or folder could not be copied to Windows.
    private static readonly HashSet<string> ReservedNames = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <param name="sources">The configuration. Its defaults apply to registered channels too.</param>
    /// <param name="others">The channels that are not among the files. In a conflict, the registered channel is refused.</param>
    /// <param name="files">The files.</param>
    /// <param name="probes">The outside world.</param>
    public static RegisteredResult Read(ConfigurationSources sources, IReadOnlyList<ChannelOptions> others, IReadOnlyList<RegisteredFile> files, ConfigurationProbes probes)
    {
        SettingNode? defaults = SettingTree.Read(sources.Configuration, SpeedDataOptions.Section).Child("Defaults");
        var findings = new Findings();
        List<ChannelDraft> drafts = [.. others.Select((options, i) => new ChannelDraft(options, "", i, new Scope(i, options.Name)))];
        HashSet<ConfigurationFault> known = OwnFaults(drafts, probes);
        List<ChannelDraft> registered = [.. files.Select((file, i) => Draft(file, others.Count + i, defaults, findings))];
        UniquePorts.Check(drafts, registered, findings);
        Validators.CheckAll([.. drafts, .. registered], findings, probes, judged: registered);
        return new RegisteredResult(
            [.. files.Zip(registered, (file, draft) => new RegisteredChannel(file, draft.Options, draft.InlineSchema))],
            [.. findings.Faults.Where(fault => !known.Contains(fault))],
            findings.Warnings);
    }

    /// <summary>
    /// Excludes conflicts among the other channels, which a change of the host may cause: they are not faults of the new ones.
    /// </summary>
    private static HashSet<ConfigurationFault> OwnFaults(List<ChannelDraft> drafts, ConfigurationProbes probes)
    {
        var findings = new Findings();
        Validators.CheckAll(drafts, findings, probes, judged: []);
        return [.. findings.Faults];
    }

    private static ChannelDraft Draft(RegisteredFile file, int order, SettingNode? defaults, Findings findings)
    {
        var scope = new Scope(order, file.Name);
        RegisteredText? text = Read(file, scope, findings);
        SettingNode node = text?.Keys ?? new SettingNode(file.Name, file.Path);
        if (node.Child("Name")?.Value is { } inside && inside != file.Name)
            findings.Fault(scope, $"{file.Path}:Name", inside, $"the file is the channel {file.Name}; give the same name, leave the key out, or rename the file");
        node.GetOrAdd("Name").Set(file.Name, 0);
        var unread = new Findings();
        var keys = new KeyReader(node, defaults, file.Path, scope, text is null ? unread : findings);
        ChannelOptions options = new ChannelReader(keys, Path.GetDirectoryName(file.Path)!).Read();
        keys.ReportUnknown();
        if (ReservedNames.Contains(file.Name.Split('.')[0]))
            findings.Fault(scope, $"{file.Path}:Name", file.Name, $"this is the name of a device on Windows, so its folder cannot be copied there; use \"{file.Name}_\"");
        return new ChannelDraft(options, file.Path, order, scope) { InlineSchema = text?.InlineSchema };
    }

    private static RegisteredText? Read(RegisteredFile file, Scope scope, Findings findings)
    {
        try
        {
            RegisteredText text = RegisteredText.Read(file);
            foreach ((string key, long line) in text.Repeated)
                findings.Fault(scope, $"{file.Path}:{key}", null, $"this key is given twice, again in line {line} (case does not count); give it once");
            return text;
        }
        catch (JsonException e)
        {
            string what = e.Message.Split(" LineNumber:")[0];
            findings.Fault(scope, $"{file.Path}, line {e.LineNumber + 1}", null, $"malformed JSON: {what}");
            foreach (string key in new[] { "Port", "Schema", "FullRate:Port", "Decimated:Port" })
                findings.Doubt($"{file.Path}:{key}");
            return null;
        }
    }
}
