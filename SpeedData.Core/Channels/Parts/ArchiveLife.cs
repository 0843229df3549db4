using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels.Parts;

/// <summary>
/// A ring for the records of one schema, the thread that writes its contents, and a tally of its own. It ends when the ring is completed, and is never
/// started again.
/// </summary>
internal sealed class ArchiveLife : IDisposable
{
    // The writer's own thread, and the one that it starts to sync.
    private const int Threads = 2;

    private readonly Lock _gate = new();
    private readonly ChannelCounters _counters;
    private readonly SeqLock<WriterTally> _tally;
    private readonly Action<ArchiveLife> _ended;
    private readonly TimeProvider _time;
    private bool _isFreed;

    /// <param name="channel">Whose archive it is.</param>
    /// <param name="schema">One of the channel's.</param>
    /// <param name="services">Makes the writer.</param>
    /// <param name="folder">The channel's folder.</param>
    /// <param name="ended">Called on the writer thread as its last act.</param>
    /// <exception cref="ThreadRoomException">It cannot have its threads; nothing is left open.</exception>
    public ArchiveLife(Channel channel, RecordSchema schema, PipelineServices services, ArchiveFolder folder, Action<ArchiveLife> ended)
    {
        ThreadRoom.Demand(Threads);
        _counters = channel.Counters;
        _ended = ended;
        _time = services.Time;
        Options = channel.Options;
        Schema = schema;
        IsAlternative = channel.Schemas.Count > 1;
        Ring = new BurstRing(Options.Ring.Bytes, Options.Archive.BlockBytes);
        SchemaCounters counted = _counters.Of(schema);
        _tally = _counters.BeginWriter(counted);
        try
        {
            Writer = services.CreateWriter(channel, counted, IsAlternative, folder, Ring, _tally);
            OwnedThread.Start($"{channel.Name} write", Run, Options.Threads.WriterCpu);
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>What it was opened with.</summary>
    public ChannelOptions Options { get; }

    public RecordSchema Schema { get; }

    /// <summary>Whether the channel has other schemas too.</summary>
    public bool IsAlternative { get; }

    public BurstRing Ring { get; }

    public ArchiveWriter Writer { get; } = null!;

    /// <summary>Why the thread ended before it was asked to; null otherwise.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Any thread: bytes that wait to be written.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _isFreed ? 0 : Ring.UsedBytes;
        }
    }

    /// <summary>No more will be published: the writer drains and ends.</summary>
    public void Complete() => WhileItLasts(() => Ring.Complete());

    /// <summary>The drain ran out of time: the writer returns as soon as the call it is in does.</summary>
    public void Abandon() => WhileItLasts(() => Writer.Abandon());

    /// <summary>Counts what is left in the ring as a fault. Nobody publishes any more, and the writer has ended or was abandoned.</summary>
    public void CountRest() => WhileItLasts(() => Writer.CountRest());

    /// <summary>To be called once the thread has ended and the receive thread no longer uses the ring.</summary>
    public void Dispose() => WhileItLasts(() =>
    {
        Writer.CountRest();
        Free();
    });

    private void WhileItLasts(Action action)
    {
        lock (_gate)
        {
            if (!_isFreed)
                action();
        }
    }

    private void Free()
    {
        _isFreed = true;
        Writer?.Dispose();
        Ring.Dispose();
        _counters.EndWriter(_tally);
    }

    private void Run()
    {
        try
        {
            Writer.Run();
        }
        catch (Exception e)
        {
            Fault = new Fault(FaultRole.Archive, e.Message, _time.GetUtcNow(), e);
        }

        _ended(this);
    }
}
