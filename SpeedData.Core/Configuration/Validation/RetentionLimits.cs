using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>What retention is to hold can be held.</summary>
internal static class RetentionLimits
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, string avroPath, Findings findings, Func<string, long?> fileSystemBytes)
    {
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.Archive.Enabled))
        {
            CheckQuota(draft, findings);
            CheckFloor(draft, Path.Combine(avroPath, draft.Options.Name), findings, fileSystemBytes);
        }
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
                $"the newest file is never deleted, and it may have Archive:RotateBytes ({SizeText.Format(rotate)}); that or more is right, or smaller files");
        }
    }

    private static void CheckFloor(ChannelDraft draft, string folder, Findings findings, Func<string, long?> fileSystemBytes)
    {
        if (draft.Options.Archive.MinFreeBytes.Bytes is not { } floor || fileSystemBytes(folder) is not { } total || floor < total)
            return;
        findings.Fault(
            draft.Scope, draft.Key("Archive:MinFreeBytes"), SizeText.Format(floor),
            $"the file system of {folder} has {SizeText.Approximate(total)} in all, so {SizeText.Format(floor)} can never be free there; less than that is right, or none");
    }
}
