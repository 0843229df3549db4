using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Server.Registration;

/// <summary>A change of a key's value, and what the change costs.</summary>
internal sealed record KeyChange(string Key, string From, string To, string Replaces, string When, string Cost)
{
    /// <param name="running">The running channel.</param>
    /// <param name="wanted">Its new options.</param>
    /// <param name="schemas">The texts of its new schemas; null if not known.</param>
    public static IReadOnlyList<KeyChange> Of(Channel running, ChannelOptions wanted, IReadOnlyList<string>? schemas)
    {
        List<KeyChange> changes = [.. ChannelKeys.Changed(running.Options, wanted).Select(key => Of(key, key.Value(running.Options), key.Value(wanted)))];
        if (schemas is not null && running.KnownSchemas is { } known && !known.Select(schema => schema.Text).SequenceEqual(schemas) && changes.All(change => change.Key != "Schema"))
            changes.Insert(0, Of(ChannelKeys.All.First(key => key.Name == "Schema"), string.Join(", ", running.Options.SchemaPaths), $"{string.Join(", ", wanted.SchemaPaths)} (new content)"));
        return changes;
    }

    private static KeyChange Of(ChannelKey key, object? from, object? to)
    {
        KeyCost cost = KeyCost.Of(key.Effects);
        return new KeyChange(key.Name, KeyText.Of(from), KeyText.Of(to), cost.Replaces, cost.When, cost.Cost);
    }

    private static KeyChange Of(ChannelKey key, string from, string to) => Of(key, (object?)from, to);
}
