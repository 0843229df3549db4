using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that need more than one value, within a channel and between channels.</summary>
internal static class Validators
{
    public static void CheckAll(IReadOnlyList<ChannelDraft> drafts, Findings findings, ConfigurationProbes probes)
    {
        UniqueNames.Check(drafts, findings);
        SchemaFiles.Check(drafts, findings, probes.Schema);
        MulticastJoins.Check(drafts, findings);
        ArchiveSizes.Check(drafts, findings);
        RetentionLimits.Check(drafts, findings);
        RestartDelays.Check(drafts, findings);
        CheckHost(drafts, findings, probes);
        StreamReach.Check(drafts, findings);
        MemoryLimit.Check(drafts, findings, probes.Limits);
    }

    /// <summary>The rules that depend on the host too, and that a change of it may break.</summary>
    public static void CheckHost(IReadOnlyList<ChannelDraft> drafts, Findings findings, ConfigurationProbes probes)
    {
        ReceiveSockets.Check(drafts, findings);
        StreamTargets.Check(drafts, findings);
        StreamFeedback.Check(drafts, findings, probes.HostAddresses);
    }
}
