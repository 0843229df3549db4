using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>Checks whether <c>--demo</c> can run with a configuration.</summary>
internal static class DemoCheck
{
    /// <returns>The fault; null if there is none.</returns>
    public static ConfigurationFault? FaultOf(SpeedDataOptions options)
    {
        if (!options.Channels.Any(DemoRecord.Example.IsFor))
            return new ConfigurationFault(null, "--demo", null, $"it sends to the channel '{DemoSignal.Channel}', but no channel of that name is configured");
        foreach (ChannelOptions channel in options.Channels)
        {
            if (DemoRecord.All.FirstOrDefault(record => record.IsFor(channel)) is { } sent && !channel.SchemaPaths.Any(path => Fits(path, channel.SchemaRoot, sent)))
                return new ConfigurationFault(channel.Name, "Schema", channel.SchemaPath, $"--demo sends other fields; it sends, in this order: {sent.Fields}");
        }

        return null;
    }

    /// <summary>Whether the schema has the demo's fields. A missing schema counts as fitting: the channel reports it.</summary>
    private static bool Fits(string schemaPath, string? root, DemoRecord record)
    {
        try
        {
            return record.Fits(RecordSchema.Load(schemaPath, root).Layout);
        }
        catch (SchemaException)
        {
            return true;
        }
    }
}
