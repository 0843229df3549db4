using System.Net;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Server.Support;

/// <summary>Channels without a pipeline.</summary>
internal static class TestChannels
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Schemas are content of the server, so they lie beside the tests.</summary>
    public static string ExampleSchema => Path.Combine(AppContext.BaseDirectory, "schemas", "example.avsc");

    public static ChannelOptions Options(string name = "example", int port = 26000) =>
        new() { Name = name, Port = port, SchemaPath = ExampleSchema };

    /// <summary>Active, with an archive that is up.</summary>
    public static Channel Active(string name = "example", int port = 26000) => Active(Options(name, port));

    public static Channel Active(ChannelOptions options)
    {
        Channel channel = Starting(options);
        channel.State = new ChannelState(ChannelStatus.Active, Noon);
        channel.GaugesOf = () => new PipelineGauges(212_992, options.FullRate.Enabled ? 4096 : null, options.Decimated.Enabled ? 8192 : null, 17, 65_536);
        if (options.Archive.Enabled)
            channel.RetentionOf = () => new RetentionState(null, null, new DeletionLog());
        if (options.Archive.Enabled)
            channel.ArchiveOf = () => new ArchiveState(null, null, null, 3, 4_711, Noon);
        return channel;
    }

    public static Channel Starting(ChannelOptions options) => new(options, RecordSchema.Load(options.SchemaPath), new ChannelCounters(), new RejectLog(), Noon);

    public static Fault Fault(string message, FaultRole role = FaultRole.Receive) => new(role, message, Noon);

    public static uint Ip(string address) => (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(IPAddress.Parse(address).GetAddressBytes()));
}
