using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels.Parts;

/// <summary>
/// A ring for the records of one schema, with the thread that writes them and its own tally. It ends when the ring is completed, and
/// is never started again.
/// </summary>
internal sealed class ArchiveLife : IDisposable
{
    // The writer thread, and the sync thread that it starts.
    private const int Threads = 2;

    private readonly Lock _gate = new();
    private readonly ChannelCounters _counters;
    private readonly SeqLock<WriterTally> _tally;
    private readonly Action<ArchiveLife> _ended;
    private readonly TimeProvider _time;
    private bool _isFreed;

    /// <param name="channel">The channel whose archive it is.</param>
    /// <param name="schema">One of the channel's schemas.</param>
    /// <param name="services">Makes the writer.</param>
    /// <param name="folder">The channel's folder.</param>
    /// <param name="ended">Called on the writer thread as its last act.</param>
    /// <exception cref="ThreadRoomException">There is no room for its threads. Nothing is left open.</exception>
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

    /// <summary>The options that it was opened with.</summary>
    public ChannelOptions Options { get; }

    public RecordSchema Schema { get; }

    /// <summary>Whether the channel has other schemas too.</summary>
    public bool IsAlternative { get; }

    public BurstRing Ring { get; }

    public ArchiveWriter Writer { get; } = null!;

    /// <summary>Why the thread ended before it was asked to; null if it did not.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Any thread: the number of bytes that wait to be written.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _isFreed ? 0 : Ring.UsedBytes;
        }
    }

    /// <summary>Completes the ring: no more is published, and the writer drains it and ends.</summary>
    public void Complete() => WhileItLasts(() => Ring.Complete());

    /// <summary>Abandons the drain, which ran out of time. The writer returns after its current system call.</summary>
    public void Abandon() => WhileItLasts(() => Writer.Abandon());

    /// <summary>Counts what is left in the ring as a fault, after publishing has ended and the writer has ended or was abandoned.</summary>
    public void CountRest() => WhileItLasts(() => Writer.CountRest());

    /// <summary>Frees the ring. The writer thread must have ended, and the receive thread must no longer use the ring.</summary>
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
