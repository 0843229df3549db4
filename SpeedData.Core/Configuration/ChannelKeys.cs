namespace SpeedData.Core.Configuration;

/// <summary>What a changed key replaces in a running channel. Everything else continues.</summary>
[Flags]
public enum KeyEffects
{
    /// <summary>Replaces nothing. The part's next fault uses the new value; for the archive, the next writer does.</summary>
    None = 0,

    /// <summary>Replaces the receive socket, after its queue was read.</summary>
    ReceiveSocket = 1,

    /// <summary>Replaces the ring and the writer: the file ends, and the next datagram begins another.</summary>
    Writer = 2,

    /// <summary>Replaces the check of datagrams: an open decimation window ends early.</summary>
    Check = 4,

    /// <summary>Replaces the socket of the full-rate stream.</summary>
    FullSocket = 8,

    /// <summary>Replaces the socket of the decimated stream.</summary>
    DecimatedSocket = 16,

    /// <summary>Replaces the limits of retention, from its next look on.</summary>
    Retention = 32,

    /// <summary>Replaces the list of allowed sources, from the next batch on.</summary>
    Sources = 64,

    /// <summary>Replaces the keeping of refused datagrams, from the next batch on.</summary>
    Rejects = 128,

    /// <summary>Replaces nothing. The next archive file takes the new value.</summary>
    NextFile = 256,
}

/// <summary>A key of a channel.</summary>
/// <param name="Name">The name in the configuration, such as <c>Archive:Codec</c>.</param>
/// <param name="Effects">What a change replaces.</param>
/// <param name="Value">Returns the key's value.</param>
public sealed record ChannelKey(string Name, KeyEffects Effects, Func<ChannelOptions, object?> Value);

/// <summary>Every key of a channel except its name, because a different name means a different channel.</summary>
public static class ChannelKeys
{
    private const KeyEffects EverySocket = KeyEffects.ReceiveSocket | KeyEffects.FullSocket | KeyEffects.DecimatedSocket;

    public static IReadOnlyList<ChannelKey> All { get; } =
    [
        new("Port", KeyEffects.ReceiveSocket, c => c.Port),
        new("Schema", KeyEffects.ReceiveSocket | KeyEffects.Writer | KeyEffects.Check, c => c.SchemaPaths),
        new("SchemaRoot", KeyEffects.ReceiveSocket | KeyEffects.Writer | KeyEffects.Check, c => c.SchemaRoot),
        new("Receive:Address", KeyEffects.ReceiveSocket, c => c.Receive.Address),
        new("Receive:Interface", KeyEffects.ReceiveSocket, c => c.Receive.Interface),
        new("Receive:Source", KeyEffects.ReceiveSocket, c => c.Receive.Source),
        new("Receive:AllowedSources", KeyEffects.Sources, c => c.Receive.AllowedSources),
        new("Receive:BufferBytes", KeyEffects.ReceiveSocket, c => c.Receive.BufferBytes),
        new("Receive:Transport", EverySocket, c => c.Receive.Transport),
        new("Time:Field", KeyEffects.Writer | KeyEffects.Check, c => c.Time.Field),
        new("Time:Unit", KeyEffects.Writer | KeyEffects.Check, c => c.Time.UnitNs),
        .. Stream("FullRate", KeyEffects.FullSocket, c => c.FullRate),
        .. Stream("Decimated", KeyEffects.DecimatedSocket, c => c.Decimated),
        new("Decimated:Factor", KeyEffects.Check, c => c.Decimated.Factor),
        new("Decimated:Algorithm", KeyEffects.Check, c => c.Decimated.Algorithm),
        new("Decimated:MaxWindow", KeyEffects.Check, c => c.Decimated.MaxWindow),
        new("Archive:Enabled", KeyEffects.Writer | KeyEffects.Retention, c => c.Archive.Enabled),
        new("Archive:Codec", KeyEffects.NextFile, c => c.Archive.Codec),
        new("Archive:BlockBytes", KeyEffects.Writer, c => c.Archive.BlockBytes),
        new("Archive:FlushEvery", KeyEffects.Writer, c => c.Archive.FlushEvery),
        new("Archive:SyncEvery", KeyEffects.Writer, c => c.Archive.SyncEvery),
        new("Archive:RotateBytes", KeyEffects.NextFile, c => c.Archive.RotateBytes),
        new("Archive:RotateEvery", KeyEffects.NextFile, c => c.Archive.RotateEvery),
        new("Archive:RetainFor", KeyEffects.Retention, c => c.Archive.RetainFor),
        new("Archive:RetainBytes", KeyEffects.Retention, c => c.Archive.RetainBytes),
        new("Archive:MinFreeBytes", KeyEffects.Retention, c => c.Archive.MinFreeBytes),
        new("Archive:ReceiveTimes", KeyEffects.Writer, c => c.Archive.ReceiveTimes),
        new("Archive:HostName", KeyEffects.NextFile, c => c.Archive.HostName),
        new("Ring:Bytes", KeyEffects.Writer, c => c.Ring.Bytes),
        new("Threads:ReceiveCpu", KeyEffects.ReceiveSocket, c => c.Threads.ReceiveCpu),
        new("Threads:WriterCpu", KeyEffects.Writer, c => c.Threads.WriterCpu),
        new("Restart:InitialDelay", KeyEffects.None, c => c.Restart.InitialDelay),
        new("Restart:MaxDelay", KeyEffects.None, c => c.Restart.MaxDelay),
        new("Runs:Pause", KeyEffects.None, c => c.Runs.Pause),
        new("Rejects:Keep", KeyEffects.Rejects, c => c.Rejects.Keep),
    ];

    /// <summary>Returns the keys whose values differ.</summary>
    public static IReadOnlyList<ChannelKey> Changed(ChannelOptions before, ChannelOptions after) =>
        [.. All.Where(key => !Equals(key.Value(before), key.Value(after)))];

    private static IEnumerable<ChannelKey> Stream(string group, KeyEffects socket, Func<ChannelOptions, StreamOptions> of)
    {
        // Switching the decimated stream on or off creates or removes its decimator.
        KeyEffects enabled = group == "Decimated" ? socket | KeyEffects.Check : socket;
        yield return new($"{group}:Enabled", enabled, c => of(c).Enabled);
        yield return new($"{group}:Address", socket, c => of(c).Address);
        yield return new($"{group}:Port", socket, c => of(c).Port);
        yield return new($"{group}:Interface", socket, c => of(c).Interface);
        yield return new($"{group}:Ttl", socket, c => of(c).Ttl);
        yield return new($"{group}:Loopback", socket, c => of(c).Loopback);
        yield return new($"{group}:BufferBytes", socket, c => of(c).BufferBytes);
    }
}
