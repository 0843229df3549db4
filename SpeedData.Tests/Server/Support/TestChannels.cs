using System.Net;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Tests.Server.Support;

/// <summary>Channels without sockets and threads.</summary>
internal static class TestChannels
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Path of the example schema, which the build copies into the folder of the tests.</summary>
    public static string ExampleSchema => Path.Combine(AppContext.BaseDirectory, "schemas", "example.avsc");

    public static ChannelOptions Options(string name = "example", int port = 26000) =>
        new() { Name = name, Port = port, SchemaPath = ExampleSchema };

    /// <summary>Makes an active channel whose archive is up.</summary>
    public static TestChannel Active(string name = "example", int port = 26000) => Active(Options(name, port));

    public static TestChannel Active(ChannelOptions options)
    {
        TestChannel channel = Starting(options);
        channel.NowState = new ChannelState(ChannelStatus.Active, Noon);
        channel.NowParts = TestChannel.PartsOf(options, new PartState(true, Noon));
        channel.NowGauges = new PipelineGauges(212_992, options.FullRate.Enabled ? 4096 : null, options.Decimated.Enabled ? 8192 : null, 17, 65_536);
        if (options.Archive.Enabled)
            channel.NowRetention = new RetentionState(null, null, new DeletionLog());
        if (options.Archive.Enabled)
            channel.NowArchive = new ArchiveState(null, null, null, 3, 4_711, Noon);
        return channel;
    }

    public static TestChannel Starting(ChannelOptions options) => new(options, RecordSchema.Load(options.SchemaPath), new ChannelCounters(), new RejectLog(), Noon);

    public static Fault Fault(string message, FaultRole role = FaultRole.Receive) => new(role, message, Noon);

    public static SourceAddress From(string address, ushort port) => SourceAddress.From(IPAddress.Parse(address), port);
}
