using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Reads one channel's keys, or those of the defaults, in the order of the design's table.</summary>
internal sealed class ChannelReader(KeyReader keys, string baseDirectory)
{
    private static readonly ChannelOptions Standard = new() { Name = "", Port = 0, SchemaPath = "" };

    public ChannelOptions Read()
    {
        string? name = keys.Required<string>("Name", PlainValues.Name, "a channel needs a name");
        int port = keys.Required<int>("Port", PlainValues.Port, "a channel needs the UDP port it receives on, a number from 1 to 65535");
        IReadOnlyList<string> schemas = keys.RequiredEntries("Schema", PathText.Parser(baseDirectory), RecordSchemas.Most, "a channel needs the .avsc file of its records");
        var streams = new StreamsReader(keys.Scope, port);
        return new ChannelOptions
        {
            Name = name ?? "",
            Port = port,
            SchemaPath = schemas.FirstOrDefault("")!,
            OtherSchemas = [.. schemas.Skip(1)],
            SchemaRoot = keys.Optional<string?>("SchemaRoot", SchemaRoot),
            Receive = Receive(keys.Group("Receive")),
            Time = Time(keys.Group("Time")),
            FullRate = streams.FullRate(keys.Group("FullRate"), Standard.FullRate),
            Decimated = streams.Decimated(keys.Group("Decimated"), Standard.Decimated),
            Archive = Archive(keys.Group("Archive")),
            Ring = Ring(keys.Group("Ring")),
            Threads = Threads(keys.Group("Threads")),
            Restart = Restart(keys.Group("Restart")),
            Runs = new RunOptions { Pause = keys.Group("Runs").Optional("Pause", Ranges.RunPause) },
            Rejects = Rejects(keys.Group("Rejects")),
        };
    }

    private static Parsed<string?> SchemaRoot(string text) => text.IndexOfAny(['/', '\\', '\0']) >= 0
        ? Parsed.Refuse<string?>("use the name of a file in the folder that Schema names, without a path")
        : text.Trim();

    private static ReceiveOptions Receive(KeyReader keys) => new()
    {
        Address = keys.Value("Address", AddressText.ParseReceive, Standard.Receive.Address),
        Interface = keys.Optional<string?>("Interface", AddressText.ParseInterface),
        Source = keys.Optional("Source", AddressText.ParseSource),
        AllowedSources = [.. keys.List("AllowedSources", AddressText.ParseNetwork)],
        BufferBytes = keys.Value("BufferBytes", Ranges.SocketBuffer, Standard.Receive.BufferBytes),
        Transport = keys.Value("Transport", t => PlainValues.OneOf(t, ReceiveTransport.Auto, ReceiveTransport.Batched, ReceiveTransport.Sockets), Standard.Receive.Transport),
    };

    private static RejectOptions Rejects(KeyReader keys)
    {
        long? keep = keys.Optional("Keep", Ranges.KeepRejects);
        return keys.Has("Keep") ? new RejectOptions { Keep = keep } : Standard.Rejects;
    }

    private static TimeOptions Time(KeyReader keys) => new()
    {
        Field = keys.Optional<string?>("Field", text => text.Trim()),
        UnitNs = keys.Optional("Unit", TimeUnitText.Parse),
    };

    private static ArchiveOptions Archive(KeyReader keys)
    {
        return new ArchiveOptions
        {
            Enabled = keys.Value("Enabled", PlainValues.Switch, Standard.Archive.Enabled),
            Codec = Codec(keys),
            BlockBytes = keys.Value("BlockBytes", Ranges.Block, Standard.Archive.BlockBytes),
            FlushEvery = keys.Value("FlushEvery", Ranges.FlushEvery, Standard.Archive.FlushEvery),
            SyncEvery = keys.Value("SyncEvery", Ranges.SyncEvery, Standard.Archive.SyncEvery),
            RotateBytes = keys.Value("RotateBytes", Ranges.RotateBytes, Standard.Archive.RotateBytes),
            RotateEvery = keys.Value("RotateEvery", Ranges.RotateEvery, Standard.Archive.RotateEvery),
            ReceiveTimes = keys.Value("ReceiveTimes", t => PlainValues.OneOf(t, ReceiveTimes.Burst, ReceiveTimes.Block, ReceiveTimes.Off), Standard.Archive.ReceiveTimes),
            RetainFor = keys.Optional("RetainFor", Ranges.RetainFor),
            RetainBytes = keys.Optional("RetainBytes", Ranges.RetainBytes),
            MinFreeBytes = keys.Optional("MinFreeBytes", Ranges.MinFreeBytes, Standard.Archive.MinFreeBytes),
            HostName = keys.Value("HostName", PlainValues.Switch, Standard.Archive.HostName),
        };
    }

    /// <summary>Avro's codec is called "null", so null without quotes means it too.</summary>
    private static ArchiveCodec Codec(KeyReader keys) => keys.Value(
        "Codec",
        t => PlainValues.OneOf(t, ArchiveCodec.Null, ArchiveCodec.Deflate, ArchiveCodec.Zstandard),
        Standard.Archive.Codec,
        whenNull: ArchiveCodec.Null);

    private static RingOptions Ring(KeyReader keys) => new()
    {
        Bytes = keys.Value("Bytes", Ranges.Ring, Standard.Ring.Bytes),
    };

    private static ThreadOptions Threads(KeyReader keys) => new()
    {
        ReceiveCpu = keys.Optional("ReceiveCpu", PlainValues.Cpu),
        WriterCpu = keys.Optional("WriterCpu", PlainValues.Cpu),
    };

    private static RestartOptions Restart(KeyReader keys) => new()
    {
        InitialDelay = keys.Value("InitialDelay", Ranges.RestartDelay, Standard.Restart.InitialDelay),
        MaxDelay = keys.Value("MaxDelay", Ranges.RestartDelay, Standard.Restart.MaxDelay),
    };
}
