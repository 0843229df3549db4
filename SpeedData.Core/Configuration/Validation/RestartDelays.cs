using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that the longest delay is not shorter than the first.</summary>
internal static class RestartDelays
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        foreach (ChannelDraft draft in drafts)
        {
            RestartOptions restart = draft.Options.Restart;
            if (restart.MaxDelay >= restart.InitialDelay || findings.IsDoubtful(draft.Key("Restart:InitialDelay")) || findings.IsDoubtful(draft.Key("Restart:MaxDelay")))
                continue;
            findings.Fault(
                draft.Scope, draft.Key("Restart:MaxDelay"), SpanText.Format(restart.MaxDelay),
                $"the longest delay is shorter than the first; use Restart:InitialDelay ({SpanText.Format(restart.InitialDelay)}) or more");
        }
    }
}
