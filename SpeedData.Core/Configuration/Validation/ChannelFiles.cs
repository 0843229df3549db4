using Microsoft.Extensions.Configuration;
using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// A channel comes from one file. .NET merges lists by place, so that the first channel of a second file would quietly
/// become a mixture with the first of the first. Environment and command line may override single keys.
/// </summary>
internal static class ChannelFiles
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
                    $"the keys of one channel come from one file; in one of them another number is right: \"Channels\": {{ \"{NextNumber(drafts)}\": {{ … }} }}");
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
