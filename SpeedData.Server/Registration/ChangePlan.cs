using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Registration;

/// <summary>A key whose new value takes effect only after a restart.</summary>
internal sealed record RestartKey(string Key, string From, string To);

/// <summary>The steps from the running channels to the wanted ones.</summary>
internal sealed record ChangePlan(
    IReadOnlyList<ChannelOptions> Added,
    IReadOnlyList<(ChannelOptions Options, IReadOnlyList<KeyChange> Changes)> Changed,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Unchanged)
{
    public static ChangePlan Between(IReadOnlyList<Channel> running, Lineup wanted)
    {
        Dictionary<string, Channel> present = Lineup.Empty<Channel>();
        foreach (Channel channel in running.Where(channel => channel is not BrokenChannel))
            present[channel.Name] = channel;
        List<ChannelOptions> added = [];
        List<(ChannelOptions, IReadOnlyList<KeyChange>)> changed = [];
        List<string> unchanged = [];
        foreach (ChannelOptions options in wanted.Channels)
        {
            if (!present.Remove(options.Name, out Channel? channel))
                added.Add(options);
            else if (KeyChange.Of(channel, options, SchemaTextsOf(options, wanted.Registered.GetValueOrDefault(options.Name))) is { Count: > 0 } changes)
                changed.Add((options, changes));
            else
                unchanged.Add(options.Name);
        }

        return new ChangePlan(added, changed, [.. present.Keys], unchanged);
    }

    /// <returns>The texts of the schemas; null if a file cannot be read. The running schemas then remain.</returns>
    public static IReadOnlyList<string>? SchemaTextsOf(ChannelOptions options, RegisteredChannel? registered)
    {
        if (registered?.InlineSchema is { } inline)
            return [inline];
        try
        {
            return [.. options.SchemaPaths.Select(path => RecordSchema.Load(path, options.SchemaRoot).Text)];
        }
        catch (SchemaException)
        {
            return null;
        }
    }
}
