using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Core.Channels;

/// <summary>
/// The public view of a channel: its options, its state, its counters. Any thread may read every member.
/// </summary>
public abstract class Channel(ChannelOptions options, RecordSchemas? schemas, ChannelCounters counters, RejectLog rejects, DateTimeOffset createdAt)
{
    private volatile ChannelOptions _options = options;
    private volatile RecordSchemas? _schemas = schemas;

    public string Name { get; } = options.Name;

    /// <summary>The present options. A change of the channel replaces them.</summary>
    public ChannelOptions Options => _options;

    /// <summary>The schemas of its records. A change of the channel may replace them.</summary>
    public RecordSchemas Schemas => _schemas ?? throw new InvalidOperationException($"The schema of {Name} is not known yet.");

    /// <summary>The first of the channel's schemas.</summary>
    public RecordSchema Schema => Schemas[0];

    /// <summary>The channel's schemas; null if a schema file is missing.</summary>
    public RecordSchemas? KnownSchemas => _schemas;

    /// <summary>The first of the channel's schemas; null if a schema file is missing.</summary>
    public RecordSchema? KnownSchema => _schemas?[0];

    public ChannelCounters Counters { get; } = counters;

    public RejectLog Rejects { get; } = rejects;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The slot through which watchers receive a copy of what the channel receives.</summary>
    public TapSlot Tap { get; } = new();

    public abstract ChannelState State { get; }

    /// <summary>The state of each part.</summary>
    public abstract ChannelParts Parts { get; }

    /// <summary>Sizes of the open sockets and the ring; null while the channel does not receive.</summary>
    public abstract PipelineGauges? Gauges { get; }

    /// <summary>The state of the archive; null if it is switched off, or before it was opened.</summary>
    public abstract ArchiveState? Archive { get; }

    /// <summary>What may have happened to the archive since an earlier reading. It costs less than <see cref="Archive"/>.</summary>
    public abstract ArchiveNews ArchiveNews { get; }

    /// <summary>The state of the deletion of old archives; null if the archive is switched off.</summary>
    public abstract RetentionState? Retention { get; }

    /// <summary>Why refused datagrams are not kept at present; null if nothing is wrong.</summary>
    public virtual string? RejectFault => null;

    /// <summary>What an operator should know about the streams. Each notice is reported once.</summary>
    public abstract StreamNotices Notices { get; }

    /// <summary>Replaces the options and the schemas.</summary>
    protected void Become(ChannelOptions options, RecordSchemas schemas)
    {
        _schemas = schemas;
        _options = options;
    }
}
