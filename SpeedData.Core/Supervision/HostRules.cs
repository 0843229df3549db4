using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Validation;

namespace SpeedData.Core.Supervision;

/// <summary>Which rules the parts of a channel would break on this host; null for none.</summary>
internal sealed record Breaches(string? Receive = null, string? Full = null, string? Decimated = null)
{
    public static Breaches None { get; } = new();
}

/// <summary>
/// The rules of the configuration check that depend on the host, applied again to the channels that run: no stream feeds an
/// input, no two streams go to one address, no two inputs take the same datagrams. Of two parts, the later one breaks the rule.
/// </summary>
internal static class HostRules
{
    /// <returns>By the name of the channel; without those that break none.</returns>
    public static IReadOnlyDictionary<string, Breaches> Check(IReadOnlyList<ChannelOptions> channels, HostView host)
    {
        var findings = new Findings();
        ChannelDraft[] drafts = [.. AsMeant(channels, host).Select((options, i) => new ChannelDraft(options, options.Name, i, new Scope(i, options.Name)))];
        Validators.CheckHost(drafts, findings, new ConfigurationProbes { HostAddresses = host.Addresses });
        return findings.Faults.GroupBy(fault => fault.Channel!).ToDictionary(
            ofOne => ofOne.Key,
            ofOne => new Breaches(First(ofOne, "Port"), First(ofOne, "FullRate:Port"), First(ofOne, "Decimated:Port")),
            StringComparer.OrdinalIgnoreCase);
    }

    private static string? First(IEnumerable<ConfigurationFault> faults, string key) =>
        faults.FirstOrDefault(fault => fault.Key == $"{fault.Channel}:{key}") is { } fault ? $"paused until the host's network changes: {key} = {fault.Value}: {fault.Message}" : null;

    /// <summary>
    /// If two use one group and port, their interfaces are compared by name, whether the configuration or the routing table
    /// chose them. Hosts with containers change often, so the host is asked only then.
    /// </summary>
    private static IEnumerable<ChannelOptions> AsMeant(IReadOnlyList<ChannelOptions> channels, HostView host)
    {
        HashSet<(IPAddress, int)> inputs = SeveralOf(channels.Select(c => (c.Receive.Address, c.Port)));
        HashSet<(IPAddress, int)> targets = SeveralOf(channels.SelectMany(c => new StreamOptions[] { c.FullRate, c.Decimated }).Where(s => s.Enabled).Select(s => (s.Address, s.Port)));
        return channels.Select(channel => channel with
        {
            Receive = inputs.Contains((channel.Receive.Address, channel.Port)) ? channel.Receive with { Interface = host.InterfaceOf(channel.Receive.Address, channel.Receive.Interface) } : channel.Receive,
            FullRate = targets.Contains((channel.FullRate.Address, channel.FullRate.Port)) ? channel.FullRate with { Interface = host.InterfaceOf(channel.FullRate.Address, channel.FullRate.Interface) } : channel.FullRate,
            Decimated = targets.Contains((channel.Decimated.Address, channel.Decimated.Port)) ? channel.Decimated with { Interface = host.InterfaceOf(channel.Decimated.Address, channel.Decimated.Interface) } : channel.Decimated,
        });
    }

    private static HashSet<(IPAddress, int)> SeveralOf(IEnumerable<(IPAddress, int)> places) =>
        [.. places.GroupBy(place => place).Where(same => same.Skip(1).Any()).Select(same => same.Key)];
}
