using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Server.Http;

/// <summary>A channel's effective configuration, with defaults. Spans are in seconds, sizes in bytes.</summary>
internal sealed record ConfigView(
    int Port,
    string Schema,
    IReadOnlyList<string> Schemas,
    string? SchemaRoot,
    ReceiveView Receive,
    TimeView Time,
    StreamView FullRate,
    StreamView Decimated,
    ArchiveConfigView Archive,
    RingView Ring,
    ThreadsView Threads,
    RestartView Restart,
    RunsConfigView Runs,
    RejectsConfigView Rejects)
{
    public static ConfigView Of(ChannelOptions o, long? minFreeBytes) => new(
        o.Port,
        o.SchemaPath,
        [.. o.SchemaPaths],
        o.SchemaRoot,
        new ReceiveView($"{o.Receive.Address}", o.Receive.Interface, o.Receive.Source?.ToString(), [.. o.Receive.AllowedSources.Select(n => n.ToString())], o.Receive.BufferBytes, $"{o.Receive.Transport}"),
        new TimeView(o.Time.Field, TimeUnitText.Format(o.Time.UnitNs)),
        StreamView.Of(o.FullRate),
        StreamView.Of(o.Decimated),
        ArchiveConfigView.Of(o.Archive, minFreeBytes),
        new RingView(o.Ring.Bytes),
        new ThreadsView(o.Threads.ReceiveCpu, o.Threads.WriterCpu),
        new RestartView(o.Restart.InitialDelay.TotalSeconds, o.Restart.MaxDelay.TotalSeconds),
        new RunsConfigView(o.Runs.Pause?.TotalSeconds),
        new RejectsConfigView(o.Rejects.Keep));
}

internal sealed record ReceiveView(string Address, string? Interface, string? Source, IReadOnlyList<string> AllowedSources, int BufferBytes, string Transport);

/// <summary>The configured time field and unit; null if the schema decides.</summary>
internal sealed record TimeView(string? Field, string? Unit);

/// <summary>A stream. The last three values are null for the full-rate stream.</summary>
internal sealed record StreamView(bool Enabled, string Address, int Port, string? Interface, int Ttl, bool Loopback, int BufferBytes, int? Factor, string? Algorithm, double? MaxWindowSeconds)
{
    public static StreamView Of(StreamOptions o)
    {
        var decimated = o as DecimatedOptions;
        return new StreamView(o.Enabled, $"{o.Address}", o.Port, o.Interface, o.Ttl, o.Loopback, o.BufferBytes, decimated?.Factor, decimated?.Algorithm.ToString(), decimated?.MaxWindow?.TotalSeconds);
    }
}

/// <summary>How datagrams are archived and how long archives are kept; null for a limit that is not set.</summary>
internal sealed record ArchiveConfigView(
    bool Enabled,
    string Codec,
    int BlockBytes,
    double FlushEverySeconds,
    double SyncEverySeconds,
    long RotateBytes,
    double RotateEverySeconds,
    double? RetainForSeconds,
    long? RetainBytes,
    long? MinFreeBytes,
    string ReceiveTimes,
    bool HostName)
{
    /// <param name="o">The configured options.</param>
    /// <param name="minFreeBytes"><see cref="ArchiveOptions.MinFreeBytes"/> in bytes on the channel's file system, if known.</param>
    public static ArchiveConfigView Of(ArchiveOptions o, long? minFreeBytes) => new(
        o.Enabled,
        ApiJson.NameOf(o.Codec),
        o.BlockBytes,
        o.FlushEvery.TotalSeconds,
        o.SyncEvery.TotalSeconds,
        o.RotateBytes,
        o.RotateEvery.TotalSeconds,
        o.RetainFor?.TotalSeconds,
        o.RetainBytes,
        o.MinFreeBytes.Bytes ?? minFreeBytes,
        ApiJson.NameOf(o.ReceiveTimes),
        o.HostName);
}

internal sealed record RingView(int Bytes);

internal sealed record ThreadsView(int? ReceiveCpu, int? WriterCpu);

internal sealed record RestartView(double InitialDelaySeconds, double MaxDelaySeconds);

/// <summary>The pause that ends a run; null if the median interval decides.</summary>
internal sealed record RunsConfigView(double? PauseSeconds);

/// <summary>The most bytes of refused datagrams that are kept; null if none are kept.</summary>
internal sealed record RejectsConfigView(long? Keep);
