using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Core.Channels;

/// <summary>
/// A channel as seen from outside: what it is, how it works, what it has counted. Every member may be read on any thread.
/// </summary>
public abstract class Channel(ChannelOptions options, RecordSchemas? schemas, ChannelCounters counters, RejectLog rejects, DateTimeOffset createdAt)
{
    private volatile ChannelOptions _options = options;
    private volatile RecordSchemas? _schemas = schemas;

    public string Name { get; } = options.Name;

    /// <summary>What it is at present; a change of the channel replaces it.</summary>
    public ChannelOptions Options => _options;

    /// <summary>The records it takes, by schema; a change of the channel may replace them.</summary>
    public RecordSchemas Schemas => _schemas ?? throw new InvalidOperationException($"The schema of {Name} is not known yet.");

    /// <summary>The first of its schemas.</summary>
    public RecordSchema Schema => Schemas[0];

    /// <summary>Its schemas; null if a file of them is missing.</summary>
    public RecordSchemas? KnownSchemas => _schemas;

    /// <summary>The first of them; null if a file of them is missing.</summary>
    public RecordSchema? KnownSchema => _schemas?[0];

    public ChannelCounters Counters { get; } = counters;

    public RejectLog Rejects { get; } = rejects;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Where watchers take a copy of what it receives.</summary>
    public TapSlot Tap { get; } = new();

    public abstract ChannelState State { get; }

    /// <summary>The state of each part.</summary>
    public abstract ChannelParts Parts { get; }

    /// <summary>Sizes of the open sockets and the ring; null while the channel does not receive.</summary>
    public abstract PipelineGauges? Gauges { get; }

    /// <summary>The archive; null where it is switched off, and before it was opened.</summary>
    public abstract ArchiveState? Archive { get; }

    /// <summary>What may have happened to the archive since an earlier look, at less cost than <see cref="Archive"/>.</summary>
    public abstract ArchiveNews ArchiveNews { get; }

    /// <summary>The state of the deletion of old archives; null if the archive is switched off.</summary>
    public abstract RetentionState? Retention { get; }

    /// <summary>Why refused datagrams are not kept at present; null while all is well.</summary>
    public virtual string? RejectFault => null;

    /// <summary>What an operator should know about the streams, to be reported once.</summary>
    public abstract StreamNotices Notices { get; }

    /// <summary>From now on these options and these schemas hold.</summary>
    protected void Become(ChannelOptions options, RecordSchemas schemas)
    {
        _schemas = schemas;
        _options = options;
    }
}
