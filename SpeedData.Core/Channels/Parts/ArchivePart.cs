using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Channels.Parts;

/// <summary>
/// The archive of a channel: a ring with its writer for each schema. After a change of the writer's options the earlier ones drain
/// beside the new ones.
/// </summary>
/// <param name="channel">The channel whose archive it is.</param>
/// <param name="services">Makes the writer.</param>
/// <param name="retryDue">Called on a timer's thread when it is time to try again.</param>
/// <param name="ended">Called on a writer thread as its last act.</param>
#pragma warning disable CA1001 // the handler of a thread's end disposes of its life
internal sealed class ArchivePart(Channel channel, PipelineServices services, Action<ChannelPart, object> retryDue, Action<ArchiveLife> ended)
    : ChannelPart(services.Time, retryDue)
{
    private readonly List<ArchiveLife> _draining = [];
    private volatile ArchiveLife[] _current = [], _latest = [];

    /// <summary>Any thread: the lives that take new records, at most one for each schema.</summary>
    public IReadOnlyList<ArchiveLife> Current => _current;

    /// <summary>Any thread: the state of the disk; null before the first life.</summary>
    public ArchiveState? Disk => (_current is { Length: > 0 } lives ? lives : _latest) is { Length: > 0 } known ? ArchiveState.Together([.. known.Select(life => life.Writer.State)]) : null;

    /// <summary>Any thread: a short form of <see cref="Disk"/>.</summary>
    public ArchiveNews News
    {
        get
        {
            ArchiveNews news = default;
            foreach (ArchiveLife life in _current is { Length: > 0 } lives ? lives : _latest)
                news = news.And(life.Writer.News);
            return news;
        }
    }

    /// <summary>
    /// Any thread: the state, including whether the disk accepts writes. If the disk does not, <see cref="ChannelPart.State"/> is still up.
    /// </summary>
    public PartState Outcome => State is { Up: true } && _current.Select(life => life.Writer.Fault).FirstOrDefault(one => one is not null) is { } fault ? new PartState(false, fault.At, fault.Message) : State;

    /// <summary>Whether a released life still writes.</summary>
    public bool IsDraining => _draining.Count > 0;

    /// <summary>The current lives and those that still drain.</summary>
    public IReadOnlyList<ArchiveLife> Lives => [.. _draining, .. _current];

    /// <summary>Whether the channel's options need new writers.</summary>
    public bool MustReplace => Array.Exists(_current, life => !Serves(life));

    /// <summary>Returns the life that takes records of a schema; null if there is none.</summary>
    public ArchiveLife? For(RecordSchema schema) => Array.Find(_current, life => life.Schema == schema);

    /// <summary>Makes the missing rings and writers. If that fails, notes why and when to try again.</summary>
    public void Open(ArchiveFolder folder)
    {
        try
        {
            foreach (RecordSchema schema in channel.Schemas.Where(schema => For(schema) is null))
                _current = _latest = [.. _current, new ArchiveLife(channel, schema, services, folder, ended)];
            WentUp();
        }
        catch (Exception e)
        {
            WentDown(FaultOf(FaultRole.Setup, $"the archive could not be started: {e.Message}", e));
        }
    }

    /// <summary>Releases the current lives. Each drains once its ring is completed.</summary>
    public ArchiveLife[] Release(string why)
    {
        ArchiveLife[] lives = _current;
        _draining.AddRange(lives);
        _current = [];
        WentOff(why);
        return lives;
    }

    /// <summary>Handles the end of a writer.</summary>
    /// <returns>Whether the writer was asked to end, so that its ring is unused. Otherwise the part is tried again after a delay.</returns>
    public bool End(ArchiveLife life)
    {
        if (_draining.Remove(life))
            return true;
        _current = [.. _current.Where(other => other != life)];
        WentDown(life.Fault ?? FaultOf(FaultRole.Supervision, "the writer ended without a fault"));
        return false;
    }

    /// <summary>
    /// Whether the life fits the channel's present options. Some options need no new writer: retention reads its own limits, the next
    /// file takes codec and rotation, and delays after a fault apply to the next writer.
    /// </summary>
    private bool Serves(ArchiveLife life) =>
        channel.Schemas.Contains(life.Schema)
        && life.IsAlternative == channel.Schemas.Count > 1
        && life.Options.Ring == channel.Options.Ring
        && life.Options.Time == channel.Options.Time
        && life.Options.Threads.WriterCpu == channel.Options.Threads.WriterCpu
        && life.Options.Archive.OfWriter() == channel.Options.Archive.OfWriter();
}
