using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Server.Support;

/// <summary>A channel whose state the test sets.</summary>
internal sealed class TestChannel(ChannelOptions options, RecordSchemas schemas, ChannelCounters counters, RejectLog rejects, DateTimeOffset createdAt)
    : Channel(options, schemas, counters, rejects, createdAt)
{
    private readonly SeqLock<WriterTally> _writer = counters.BeginWriter();

    public ChannelState NowState { get; set; } = new(ChannelStatus.Starting, createdAt);

    public ChannelParts NowParts { get; set; } = PartsOf(options, new PartState(false, createdAt));

    public PipelineGauges? NowGauges { get; set; }

    public ArchiveState? NowArchive { get; set; }

    public RetentionState? NowRetention { get; set; }

    public StreamNotices NowNotices { get; set; }

    public override ChannelState State => NowState;

    /// <summary>States of the parts. As in a real channel, the archive's part reports the state of the disk.</summary>
    public override ChannelParts Parts => NowParts with { Archive = NowParts.Archive is null ? null : ArchivePart };

    private PartState ArchivePart => NowArchive switch
    {
        null => new PartState(false, CreatedAt),
        { Fault: { } fault } => new PartState(false, fault.At, fault.Message),
        _ => new PartState(true, CreatedAt),
    };

    public override PipelineGauges? Gauges => NowGauges;

    /// <summary>Exception that reading <see cref="Archive"/> throws, if any.</summary>
    public Exception? OnArchive { get; set; }

    public override ArchiveNews ArchiveNews => Archive?.News ?? default;

    public override ArchiveState? Archive => OnArchive is { } wrong ? throw wrong : NowArchive;

    public override RetentionState? Retention => NowRetention;

    public override StreamNotices Notices => NowNotices;

    /// <summary>Makes parts in the given state. Parts that the options switch off are null.</summary>
    public static ChannelParts PartsOf(ChannelOptions options, PartState state) => new(
        state,
        options.Archive.Enabled ? state : null,
        options.FullRate.Enabled ? state : null,
        options.Decimated.Enabled ? state : null);

    /// <summary>Replaces the counts of the writer.</summary>
    public void Written(WriterTally tally) => _writer.Write(tally);
}
