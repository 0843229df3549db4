using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Registration;

/// <summary>A registered channel whose file cannot be used. The API lists it with the fault; it does not receive.</summary>
internal sealed class BrokenChannel(RegisteredChannel registered, string why, TimeProvider time)
    : Channel(registered.Options with { Name = registered.Name }, null, new ChannelCounters(), new RejectLog(), time.GetUtcNow())
{
    private readonly ChannelState _state = new(ChannelStatus.Faulted, time.GetUtcNow(), new Fault(FaultRole.Setup, why, time.GetUtcNow()));

    public RegisteredFile File => registered.File;

    public string Why => why;

    public override ChannelState State => _state;

    public override ChannelParts Parts => new(new PartState(false, _state.Since, why), null, null, null);

    public override PipelineGauges? Gauges => null;

    public override ArchiveState? Archive => null;

    public override ArchiveNews ArchiveNews => default;

    public override RetentionState? Retention => null;

    public override StreamNotices Notices => default;
}
