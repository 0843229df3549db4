using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks whether channels can run beside the running ones. The result depends only on both, and on the probes' answers.</summary>
public static class ChannelSet
{
    /// <param name="running">The running channels. A channel that is also in <paramref name="wanted"/> is replaced by that one.</param>
    /// <param name="wanted">Channels to add or to change.</param>
    /// <param name="probes">The outside world.</param>
    /// <returns>The faults of the wanted channels. Keys are those within a channel, such as <c>Port</c>.</returns>
    public static IReadOnlyList<ConfigurationFault> Check(IReadOnlyList<ChannelOptions> running, IReadOnlyList<ChannelOptions> wanted, ConfigurationProbes probes)
    {
        var findings = new Findings();
        HashSet<string> names = new(wanted.Select(c => c.Name), StringComparer.OrdinalIgnoreCase);
        // Running channels come first, so that in a conflict the wanted channel is refused.
        List<ChannelOptions> stay = [.. running.Where(c => !names.Contains(c.Name))];
        Validators.CheckAll([.. stay.Concat(wanted).Select((options, i) => new ChannelDraft(options, "", i, new Scope(i, options.Name)))], findings, probes);
        return [.. findings.Faults.Where(f => f.Channel is null || names.Contains(f.Channel))];
    }
}
