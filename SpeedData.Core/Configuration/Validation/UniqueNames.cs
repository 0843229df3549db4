using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that names are unique, ignoring case. Names are folders, and some file systems ignore case.</summary>
internal static class UniqueNames
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        var taken = new Dictionary<string, ChannelDraft>(StringComparer.OrdinalIgnoreCase);
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.Name.Length > 0))
        {
            if (!taken.TryAdd(draft.Options.Name, draft))
                findings.Fault(draft.Scope, draft.Key("Name"), draft.Options.Name, $"{taken[draft.Options.Name].Path} has this name (case does not count); use another one");
        }
    }
}
