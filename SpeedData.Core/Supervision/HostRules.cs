using System.Net;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Validation;

namespace SpeedData.Core.Supervision;

/// <summary>The rules that the parts of a channel would break on this host; null if none.</summary>
internal sealed record Breaches(string? Receive = null, string? Full = null, string? Decimated = null)
{
    public static Breaches None { get; } = new();
}

/// <summary>
/// Applies those rules of the configuration check that depend on the host to the running channels: no stream feeds an input, no two
/// streams go to one address, no two inputs take the same datagrams. Of two parts, the later one breaks the rule. One thread at a
/// time.
/// </summary>
internal sealed class HostRules
{
    // The input of the last check. A host with containers changes dozens of times a second, and most changes do not affect it.
    private ChannelOptions[] _channels = [];
    private IReadOnlySet<IPAddress>? _addresses;
    private IReadOnlyDictionary<string, Breaches> _breaches = new Dictionary<string, Breaches>();

    /// <returns>The breaches by the name of the channel. Channels that break no rule are not included.</returns>
    public IReadOnlyDictionary<string, Breaches> Check(IReadOnlyList<ChannelOptions> channels, HostView host)
    {
        ChannelOptions[] meant = [.. AsMeant(channels, host)];
        if (meant.SequenceEqual(_channels) && _addresses?.SetEquals(host.Addresses()) != false)
            return _breaches;
        _addresses = null;
        _breaches = Check(meant, () => _addresses = host.Addresses());
        _channels = meant;
        return _breaches;
    }

    private static Dictionary<string, Breaches> Check(ChannelOptions[] channels, Func<IReadOnlySet<IPAddress>> addresses)
    {
        var findings = new Findings();
        ChannelDraft[] drafts = [.. channels.Select((options, i) => new ChannelDraft(options, options.Name, i, new Scope(i, options.Name)))];
        Validators.CheckHost(drafts, findings, new ConfigurationProbes { HostAddresses = addresses });
        return findings.Faults.GroupBy(fault => fault.Channel!).ToDictionary(
            ofOne => ofOne.Key,
            ofOne => new Breaches(First(ofOne, "Port"), First(ofOne, "FullRate:Port"), First(ofOne, "Decimated:Port")),
            StringComparer.OrdinalIgnoreCase);
    }

    private static string? First(IEnumerable<ConfigurationFault> faults, string key) =>
        faults.FirstOrDefault(fault => fault.Key == $"{fault.Channel}:{key}") is { } fault ? $"paused until the host's network changes: {key} = {fault.Value}: {fault.Message}" : null;

    /// <summary>
    /// Replaces the interfaces of channels that use one group and port by their names, so that they can be compared whether the
    /// configuration or the routing table chose them. The host is asked only then, because hosts with containers change often.
    /// </summary>
    private static IEnumerable<ChannelOptions> AsMeant(IReadOnlyList<ChannelOptions> channels, HostView host)
    {
        HashSet<(IPAddress, int)> inputs = SeveralOf(channels.Select(c => (c.Receive.Address, c.Port)));
        HashSet<(IPAddress, int)> targets = SeveralOf(channels.SelectMany(c => new StreamOptions[] { c.FullRate, c.Decimated }).Where(s => s.Enabled).Select(s => (s.Address, s.Port)));
        return channels.Select(channel => !inputs.Contains((channel.Receive.Address, channel.Port)) && !IsShared(channel.FullRate) && !IsShared(channel.Decimated) ? channel : channel with
        {
            Receive = inputs.Contains((channel.Receive.Address, channel.Port)) ? channel.Receive with { Interface = host.InterfaceOf(channel.Receive.Address, channel.Receive.Interface) } : channel.Receive,
            FullRate = IsShared(channel.FullRate) ? channel.FullRate with { Interface = host.InterfaceOf(channel.FullRate.Address, channel.FullRate.Interface) } : channel.FullRate,
            Decimated = IsShared(channel.Decimated) ? channel.Decimated with { Interface = host.InterfaceOf(channel.Decimated.Address, channel.Decimated.Interface) } : channel.Decimated,
        });

        bool IsShared(StreamOptions stream) => targets.Contains((stream.Address, stream.Port));
    }

    private static HashSet<(IPAddress, int)> SeveralOf(IEnumerable<(IPAddress, int)> places) =>
        [.. places.GroupBy(place => place).Where(same => same.Skip(1).Any()).Select(same => same.Key)];
}
