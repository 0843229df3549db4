using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>Whether <c>--demo</c> can run with a configuration.</summary>
internal static class DemoCheck
{
    private static ChannelOptions? ChannelOf(SpeedDataOptions options) =>
        options.Channels.FirstOrDefault(c => c.Name.Equals(DemoSignal.Channel, StringComparison.OrdinalIgnoreCase));

    /// <returns>What is wrong; null if nothing is.</returns>
    public static ConfigurationFault? FaultOf(SpeedDataOptions options)
    {
        ChannelOptions? channel = ChannelOf(options);
        if (channel is null)
            return new ConfigurationFault(null, "--demo", null, $"it sends to the channel '{DemoSignal.Channel}', but no channel of that name is configured");
        return channel.SchemaPaths.Any(path => Fits(path, channel.SchemaRoot))
            ? null
            : new ConfigurationFault(channel.Name, "Schema", channel.SchemaPath, $"--demo sends other fields; it sends, in this order: {DemoSignal.Describe()}");
    }

    /// <summary>A missing schema is reported by the channel.</summary>
    private static bool Fits(string schemaPath, string? root)
    {
        try
        {
            return DemoSignal.Fits(RecordSchema.Load(schemaPath, root).Layout);
        }
        catch (SchemaException)
        {
            return true;
        }
    }
}
