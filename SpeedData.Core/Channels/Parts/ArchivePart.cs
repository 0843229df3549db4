using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Channels.Parts;

/// <summary>
/// The archive of a channel: a ring with its writer. After a change of the writer's options there are also the earlier ones,
/// which drain beside the new one.
/// </summary>
/// <param name="channel">Whose archive it is.</param>
/// <param name="services">Makes the writer.</param>
/// <param name="retryDue">Called on a timer's thread when it is time to try again.</param>
/// <param name="ended">Called on a writer thread as its last act.</param>
#pragma warning disable CA1001 // a life is disposed of by whoever sees its thread end
internal sealed class ArchivePart(Channel channel, PipelineServices services, Action<ChannelPart, object> retryDue, Action<ArchiveLife> ended)
    : ChannelPart(services.Time, retryDue)
{
    private readonly List<ArchiveLife> _draining = [];
    private volatile ArchiveLife? _current, _latest;

    /// <summary>Any thread: the life that takes what is received.</summary>
    public ArchiveLife? Current => _current;

    /// <summary>Any thread: the state of the disk; null before the first life.</summary>
    public ArchiveState? Disk => (_current ?? _latest)?.Writer.State;

    /// <summary>
    /// Any thread: includes whether the disk accepts what is written. If it does not, the writer is still up.
    /// </summary>
    public PartState Outcome => State is { Up: true } && _current?.Writer.Fault is { } fault ? new PartState(false, fault.At, fault.Message) : State;

    /// <summary>Whether a life that was released still writes.</summary>
    public bool IsDraining => _draining.Count > 0;

    /// <summary>The current life and those that drain.</summary>
    public IReadOnlyList<ArchiveLife> Lives => _current is { } current ? [.. _draining, current] : [.. _draining];

    /// <summary>Whether the channel needs another writer than the present one.</summary>
    public bool MustReplace => _current is { } life && !Serves(life);

    /// <summary>Makes ring and writer, or says why that is not possible and when it is tried again.</summary>
    public void Open(ArchiveFolder folder)
    {
        try
        {
            _current = _latest = new ArchiveLife(channel, services, folder, ended);
            WentUp();
        }
        catch (Exception e)
        {
            WentDown(FaultOf(FaultRole.Setup, $"the archive could not be started: {e.Message}", e));
        }
    }

    /// <summary>Releases the current life: it drains once its ring is completed.</summary>
    public ArchiveLife Release(string why)
    {
        ArchiveLife life = _current!;
        _draining.Add(life);
        _current = null;
        WentOff(why);
        return life;
    }

    /// <summary>A writer has ended.</summary>
    /// <returns>Whether it was asked to, and so nobody uses its ring; otherwise the part is tried again after a delay.</returns>
    public bool End(ArchiveLife life)
    {
        if (_draining.Remove(life))
            return true;
        _current = null;
        WentDown(life.Fault ?? FaultOf(FaultRole.Supervision, "the writer ended without a fault"));
        return false;
    }

    /// <summary>
    /// Whether it was opened with the channel's present options. Retention reads its own limits, the next file takes codec and
    /// rotation, and the delays after a fault wait for the next writer.
    /// </summary>
    private bool Serves(ArchiveLife life) =>
        life.Schema == channel.Schema
        && life.Options.Ring == channel.Options.Ring
        && life.Options.Time == channel.Options.Time
        && life.Options.Threads.WriterCpu == channel.Options.Threads.WriterCpu
        && life.Options.Archive.OfWriter() == channel.Options.Archive.OfWriter();
}
