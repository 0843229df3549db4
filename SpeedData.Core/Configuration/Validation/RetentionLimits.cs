using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that retention's limits can be kept.</summary>
internal static class RetentionLimits
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.Archive.Enabled))
            CheckQuota(draft, findings);
    }

    private static void CheckQuota(ChannelDraft draft, Findings findings)
    {
        if (draft.Options.Archive.RetainBytes is not { } quota || findings.IsDoubtful(draft.Key("Archive:RotateBytes")))
            return;
        long rotate = draft.Options.Archive.RotateBytes;
        if (quota < rotate)
        {
            findings.Fault(
                draft.Scope, draft.Key("Archive:RetainBytes"), SizeText.Format(quota),
                $"the newest file is never deleted, and it may have Archive:RotateBytes ({SizeText.Format(rotate)}); use that or more, or smaller files");
        }
    }
}
