using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;

namespace SpeedData.Server.Registration;

/// <summary>A key whose value changes, and what that costs.</summary>
internal sealed record KeyChange(string Key, string From, string To, string Replaces, string When, string Cost)
{
    /// <param name="running">The channel as it runs.</param>
    /// <param name="wanted">What it is to become.</param>
    /// <param name="schemaText">The text of its schema, where that is known to be another.</param>
    public static IReadOnlyList<KeyChange> Of(Channel running, ChannelOptions wanted, string? schemaText)
    {
        List<KeyChange> changes = [.. ChannelKeys.Changed(running.Options, wanted).Select(key => Of(key, key.Value(running.Options), key.Value(wanted)))];
        if (schemaText is not null && running.KnownSchema is { } schema && schema.Text != schemaText && changes.All(change => change.Key != "Schema"))
            changes.Insert(0, Of(ChannelKeys.All.First(key => key.Name == "Schema"), running.Options.SchemaPath, $"{wanted.SchemaPath} (new content)"));
        return changes;
    }

    private static KeyChange Of(ChannelKey key, object? from, object? to)
    {
        KeyCost cost = KeyCost.Of(key.Effects);
        return new KeyChange(key.Name, KeyText.Of(from), KeyText.Of(to), cost.Replaces, cost.When, cost.Cost);
    }

    private static KeyChange Of(ChannelKey key, string from, string to) => Of(key, (object?)from, to);
}
