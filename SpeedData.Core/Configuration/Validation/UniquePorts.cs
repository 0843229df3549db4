using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that a registered channel shares its port with no other, even on another group: devices know a channel by its port.
/// </summary>
internal static class UniquePorts
{
    public static void Check(IReadOnlyList<ChannelDraft> others, IReadOnlyList<ChannelDraft> registered, Findings findings)
    {
        var taken = new Dictionary<int, string>();
        foreach (ChannelDraft draft in others)
            taken.TryAdd(draft.Options.Port, draft.Options.Name);
        foreach (ChannelDraft draft in registered.Where(d => d.Options.Port > 0 && !findings.IsDoubtful(d.Key("Port"))))
        {
            if (!taken.TryAdd(draft.Options.Port, draft.Options.Name))
                findings.Fault(draft.Scope, draft.Key("Port"), $"{draft.Options.Port}", $"channel {taken[draft.Options.Port]} has this port; use another one");
        }
    }
}
