namespace SpeedData.Core.Diagnostics;

/// <summary>
/// The counters of one channel. They outlive its pipelines: a restart, or a channel that is removed and comes back,
/// goes on counting where it stopped. Each tally has one writing thread at a time; any thread may take a
/// <see cref="Snapshot"/>.
/// </summary>
/// <param name="before">
/// The counters of a removed channel of the same name whose writer still hangs in a system call. It goes on counting there,
/// and never in its successor's tallies; all sums include both. Null for none.
/// </param>
public sealed class ChannelCounters(ChannelCounters? before = null)
{
    private readonly Lock _kernelGate = new();
    private long _kernelDropsOfClosedSockets;
    private Func<long>? _kernelDropsOfOpenSocket;
    private long _restarts;
    private long _syncErrors;
    private readonly long[] _deletedFiles = new long[Enum.GetValues<DeletionReason>().Length];

    /// <summary>Written by the receive thread, once a batch.</summary>
    public SeqLock<ReceiveTally> Receive { get; } = new();

    /// <summary>Written by the writer thread, once a block.</summary>
    public SeqLock<WriterTally> Writer { get; } = new();

    public long Restarts => Interlocked.Read(ref _restarts) + (before?.Restarts ?? 0);

    public long SyncErrors => Interlocked.Read(ref _syncErrors) + (before?.SyncErrors ?? 0);

    public void CountRestart() => Interlocked.Increment(ref _restarts);

    public void CountSyncError() => Interlocked.Increment(ref _syncErrors);

    public long DeletedFiles(DeletionReason reason) => Interlocked.Read(ref _deletedFiles[(int)reason]) + (before?.DeletedFiles(reason) ?? 0);

    public void CountDeletedFile(DeletionReason reason) => Interlocked.Increment(ref _deletedFiles[(int)reason]);

    /// <summary>From now on the kernel's drop count of this socket is part of the channel's. The function is called on any thread, never after <see cref="SocketClosing"/>.</summary>
    public void SocketOpened(Func<long> kernelDrops)
    {
        lock (_kernelGate)
            _kernelDropsOfOpenSocket = kernelDrops;
    }

    /// <summary>To be called before the socket is closed: its drop count is read a last time and kept.</summary>
    public void SocketClosing()
    {
        lock (_kernelGate)
        {
            _kernelDropsOfClosedSockets += _kernelDropsOfOpenSocket?.Invoke() ?? 0;
            _kernelDropsOfOpenSocket = null;
        }
    }

    public long KernelDrops() => OwnKernelDrops() + (before?.KernelDrops() ?? 0);

    /// <summary>
    /// Any thread. The writer's tally is read first: whatever it has settled was queued before, so the receive tally
    /// read later contains it and <see cref="LedgerSnapshot.Pending"/> is never negative.
    /// </summary>
    public LedgerSnapshot Snapshot()
    {
        WriterTally writer = Writer.Read();
        var own = new LedgerSnapshot(Receive.Read(), writer, OwnKernelDrops());
        return before is null ? own : before.Snapshot() + own;
    }

    private long OwnKernelDrops()
    {
        lock (_kernelGate)
            return _kernelDropsOfClosedSockets + (_kernelDropsOfOpenSocket?.Invoke() ?? 0);
    }
}
