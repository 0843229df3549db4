using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Channels;

/// <summary>A channel as the outside sees it: what it is, how it does, what it counted. Every member may be read on any thread.</summary>
public sealed class Channel(ChannelOptions options, RecordSchema? schema, ChannelCounters counters, RejectLog rejects, DateTimeOffset createdAt)
{
    private volatile ChannelState _state = new(ChannelStatus.Starting, createdAt);

    public string Name => Options.Name;

    public ChannelOptions Options { get; } = options;

    /// <summary>Null until its file was there.</summary>
    public RecordSchema? KnownSchema { get; internal set; } = schema;

    /// <summary>To be asked once it is known, as it is in every pipeline.</summary>
    public RecordSchema Schema => KnownSchema ?? throw new InvalidOperationException($"The schema of {Name} is not known yet.");

    public ChannelCounters Counters { get; } = counters;

    public RejectLog Rejects { get; } = rejects;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public ChannelState State
    {
        get => _state;
        internal set => _state = value;
    }

    /// <summary>Sizes of the running pipeline; null while none runs.</summary>
    public PipelineGauges? Gauges => GaugesOf?.Invoke();

    /// <summary>The archive; null where it is disabled, and before the first pipeline.</summary>
    public ArchiveState? Archive => ArchiveOf?.Invoke();

    /// <summary>How the deletion of old archives does; null where the archive is disabled.</summary>
    public RetentionState? Retention => RetentionOf?.Invoke();

    /// <summary>What an operator should know about the running pipeline, to be said once.</summary>
    public StreamNotices Notices => NoticesOf?.Invoke() ?? default;

    internal Func<StreamNotices>? NoticesOf { get; set; }

    internal Func<PipelineGauges>? GaugesOf { get; set; }

    internal Func<ArchiveState?>? ArchiveOf { get; set; }

    internal Func<RetentionState>? RetentionOf { get; set; }
}
