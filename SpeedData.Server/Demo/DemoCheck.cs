using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>Whether <c>--demo</c> can run with a configuration.</summary>
internal static class DemoCheck
{
    /// <returns>What is wrong; null if nothing is.</returns>
    public static ConfigurationFault? FaultOf(SpeedDataOptions options)
    {
        if (!options.Channels.Any(DemoRecord.Example.IsFor))
            return new ConfigurationFault(null, "--demo", null, $"it sends to the channel '{DemoSignal.Channel}', but no channel of that name is configured");
        foreach (ChannelOptions channel in options.Channels)
        {
            if (DemoRecord.All.FirstOrDefault(record => record.IsFor(channel)) is { } sent && !Fits(channel.SchemaPath, sent))
                return new ConfigurationFault(channel.Name, "Schema", channel.SchemaPath, $"--demo sends other fields; it sends, in this order: {sent.Fields}");
        }

        return null;
    }

    /// <summary>A missing schema is reported by the channel.</summary>
    private static bool Fits(string schemaPath, DemoRecord record)
    {
        try
        {
            return record.Fits(RecordSchema.Load(schemaPath).Layout);
        }
        catch (SchemaException)
        {
            return true;
        }
    }
}
