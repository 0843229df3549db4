using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that a block fits its ring and its file.</summary>
internal static class ArchiveSizes
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings)
    {
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.Archive.Enabled && !findings.IsDoubtful(d.Key("Archive:BlockBytes"))))
        {
            CheckRing(draft, findings);
            CheckFile(draft, findings);
        }
    }

    /// <summary>Checks the ring: a block stays in it until it is written, and the next block must fit beside it.</summary>
    private static void CheckRing(ChannelDraft draft, Findings findings)
    {
        int block = draft.Options.Archive.BlockBytes, ring = draft.Options.Ring.Bytes;
        if (block > ring / 2 && !findings.IsDoubtful(draft.Key("Ring:Bytes")))
        {
            findings.Fault(
                draft.Scope, draft.Key("Archive:BlockBytes"), SizeText.Format(block),
                $"a block takes at most half the ring, and Ring:Bytes is {SizeText.Format(ring)}; use at most {SizeText.Format(ring / 2)}, or a larger ring");
        }
    }

    private static void CheckFile(ChannelDraft draft, Findings findings)
    {
        long block = draft.Options.Archive.BlockBytes, rotate = draft.Options.Archive.RotateBytes;
        if (rotate < block && !findings.IsDoubtful(draft.Key("Archive:RotateBytes")))
        {
            findings.Fault(
                draft.Scope, draft.Key("Archive:RotateBytes"), SizeText.Format(rotate),
                $"a file holds at least one block; use Archive:BlockBytes ({SizeText.Format(block)}) or more");
        }
    }
}
