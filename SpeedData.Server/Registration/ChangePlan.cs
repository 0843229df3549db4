using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Registration;

/// <summary>A key that holds after a restart only, and differs from what runs.</summary>
internal sealed record RestartKey(string Key, string From, string To);

/// <summary>What leads from the channels that run to those that are wanted.</summary>
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

    /// <returns>The texts of the schemas; null while a file cannot be read: then they stay.</returns>
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
