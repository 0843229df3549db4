using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Host;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;

namespace SpeedData.Server.Hosting;

/// <summary>A configured channel whose schema cannot be read yet. The API lists it with the reason.</summary>
internal sealed class WaitingChannel(ChannelOptions options, TimeProvider time)
    : Channel(options, schemas: null, new ChannelCounters(), new RejectLog(), time.GetUtcNow())
{
    private readonly SchemaFile _file = new(options);
    private volatile ChannelState _state = new(ChannelStatus.Starting, time.GetUtcNow());

    public override ChannelState State => _state;

    public override ChannelParts Parts
    {
        get
        {
            var down = new PartState(false, State.Since, State.LastFault?.Message, State.RetryAt, State.FaultsInARow);
            return new(down, Of(Options.Archive.Enabled), Of(Options.FullRate.Enabled), Of(Options.Decimated.Enabled));

            PartState? Of(bool enabled) => enabled ? down : null;
        }
    }

    public override PipelineGauges? Gauges => null;

    public override ArchiveState? Archive => null;

    public override ArchiveNews ArchiveNews => default;

    public override RetentionState? Retention => null;

    public override StreamNotices Notices => default;

    /// <summary>Reads the schemas; null while they are missing or invalid. One thread.</summary>
    public RecordSchemas? TryLoad(FilePatience patience)
    {
        try
        {
            return _file.Load(patience);
        }
        catch (ChannelSetupException e)
        {
            DateTimeOffset now = time.GetUtcNow();
            Fault fault = e.Message == _state.LastFault?.Message ? _state.LastFault : new Fault(FaultRole.Setup, e.Message, now, e);
            _state = new ChannelState(ChannelStatus.Faulted, _state.LastFault is null ? now : _state.Since, fault, _state.FaultsInARow + 1, now + SupervisedChannels.BetweenLooks);
            return null;
        }
    }
}
