using Microsoft.Extensions.Configuration;
using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that each channel comes from one file. .NET merges lists by position, so the first channel of a second file would silently
/// mix with the first channel of the first file. Environment and command line may override single keys.
/// </summary>
internal static class OneFilePerChannel
{
    public static void Check(IConfigurationRoot configuration, IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        List<IConfigurationProvider> files = [.. SettingTree.Providers(configuration).Where(p => FileOf(p) is not null)];
        if (files.Count < 2)
            return;
        foreach (ChannelDraft draft in drafts)
        {
            string?[] holders = [.. files.Where(f => f.GetChildKeys([], draft.Path).Any()).Select(FileOf)];
            if (holders.Length > 1)
            {
                findings.Fault(
                    draft.Scope, draft.Path, string.Join(", ", holders),
                    $"all keys of one channel must come from one file; use another number in one of the files: \"Channels\": {{ \"{NextNumber(drafts)}\": {{ … }} }}");
            }
        }
    }

    private static int NextNumber(IReadOnlyList<ChannelDraft> drafts) => 1 + drafts.Max(d => d.Index);

    private static string? FileOf(IConfigurationProvider provider) => provider switch
    {
        JsonFileProvider json => json.FilePath,
        FileConfigurationProvider file => file.Source.Path,
        _ => null,
    };
}
