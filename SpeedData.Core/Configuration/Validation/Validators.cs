using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Makes the checks that need more than one value, within a channel and between channels.</summary>
internal static class Validators
{
    /// <param name="drafts">All channels.</param>
    /// <param name="findings">Receives all faults.</param>
    /// <param name="probes">The outside world.</param>
    /// <param name="judged">The channels whose schemas are checked; null for all.</param>
    public static void CheckAll(IReadOnlyList<ChannelDraft> drafts, Findings findings, ConfigurationProbes probes, IReadOnlyList<ChannelDraft>? judged = null)
    {
        UniqueNames.Check(drafts, findings);
        judged ??= drafts;
        SchemaFiles.Check([.. judged.Where(d => d.InlineSchema is null)], findings, probes.Schema);
        InlineSchemas.Check(judged.Where(d => d.InlineSchema is not null), findings, probes.SchemaText);
        MulticastJoins.Check(drafts, findings);
        ArchiveSizes.Check(drafts, findings);
        RetentionLimits.Check(drafts, findings);
        RestartDelays.Check(drafts, findings);
        CheckHost(drafts, findings, probes);
        StreamReach.Check(drafts, findings);
        MemoryLimit.Check(drafts, findings, probes.Limits);
    }

    /// <summary>Makes the checks that also depend on the host, and that a change of the host may break.</summary>
    public static void CheckHost(IReadOnlyList<ChannelDraft> drafts, Findings findings, ConfigurationProbes probes)
    {
        ReceiveSockets.Check(drafts, findings);
        StreamTargets.Check(drafts, findings);
        StreamFeedback.Check(drafts, findings, probes.HostAddresses);
    }
}
