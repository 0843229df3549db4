using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Whether channels can run beside those that run: nothing but a function of both, and of what the probes answer.</summary>
public static class ChannelSet
{
    /// <param name="running">What runs; a channel that is wanted too is what is wanted of it.</param>
    /// <param name="wanted">Channels to add or to change.</param>
    /// <param name="probes">The world outside.</param>
    /// <returns>What is wrong with those that are wanted. Keys are those within a channel, such as <c>Port</c>.</returns>
    public static IReadOnlyList<ConfigurationFault> Check(IReadOnlyList<ChannelOptions> running, IReadOnlyList<ChannelOptions> wanted, ConfigurationProbes probes)
    {
        var findings = new Findings();
        HashSet<string> names = new(wanted.Select(c => c.Name), StringComparer.OrdinalIgnoreCase);
        // Those that run come first: where two conflict, the one that is wanted is refused.
        List<ChannelOptions> stay = [.. running.Where(c => !names.Contains(c.Name))];
        Validators.CheckAll([.. stay.Concat(wanted).Select((options, i) => new ChannelDraft(options, "", i, new Scope(i, options.Name)))], findings, probes);
        return [.. findings.Faults.Where(f => f.Channel is null || names.Contains(f.Channel))];
    }
}
