using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;

namespace SpeedData.Server.Registration;

/// <summary>The configuration at one moment: fixed channels, registered channels, and files that cannot be used. Immutable.</summary>
internal sealed record Lineup(ConfigurationSources Sources, SpeedDataOptions Options, IReadOnlyDictionary<string, RegisteredChannel> Registered, IReadOnlyDictionary<string, BrokenChannel> Broken)
{
    public static Lineup Of(ConfigurationSources sources, SpeedDataOptions options) => new(sources, options, Empty<RegisteredChannel>(), Empty<BrokenChannel>());

    public static Dictionary<string, T> Empty<T>() => new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All channels to run, fixed channels first.</summary>
    public IEnumerable<ChannelOptions> Channels => Options.Channels.Concat(Registered.Values.Select(channel => channel.Options));

    /// <summary>The file that contains the fixed channels.</summary>
    public string FixedFile => Sources.Files.Count > 0 ? string.Join(", ", Sources.Files) : "the configuration";

    public ChannelOptions? Find(string name) => FindFixed(name) ?? Registered.GetValueOrDefault(name)?.Options;

    public ChannelOptions? FindFixed(string name) => Options.Channels.FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public ChannelOptions? FindPort(int port) => Channels.FirstOrDefault(channel => channel.Port == port);

    public Lineup With(RegisteredChannel channel) => this with { Registered = Changed(Registered, all => all[channel.Name] = channel), Broken = Changed(Broken, all => all.Remove(channel.Name)) };

    public Lineup Without(string name) => this with { Registered = Changed(Registered, all => all.Remove(name)), Broken = Changed(Broken, all => all.Remove(name)) };

    private static Dictionary<string, T> Changed<T>(IReadOnlyDictionary<string, T> before, Action<Dictionary<string, T>> change)
    {
        var after = new Dictionary<string, T>(before, StringComparer.OrdinalIgnoreCase);
        change(after);
        return after;
    }
}
