using SpeedData.Core.Schema;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// The counters of one channel, from when it is added until it is removed. The receive tally has one writing thread at a
/// time. Each writer of the archive has a tally of its own, so that one that hangs in a system call never writes into that
/// of its successor. Any thread may take a <see cref="Snapshot"/>.
/// </summary>
public sealed class ChannelCounters
{
    private readonly Lock _writersGate = new();
    private readonly List<(SeqLock<WriterTally> Tally, SchemaCounters? Of)> _writers = [];
    private readonly List<SchemaCounters> _schemas = [];
    private WriterTally _endedWriters;
    private readonly Lock _kernelGate = new();
    private long _kernelDropsOfClosedSockets;
    private Func<long>? _kernelDropsOfOpenSocket;
    private long _restarts;
    private long _syncErrors;
    private readonly long[] _deletedFiles = new long[Enum.GetValues<DeletionReason>().Length];

    /// <summary>Written by the receive thread, once a batch.</summary>
    public SeqLock<ReceiveTally> Receive { get; } = new();

    /// <summary>What became of refused datagrams where they are to be kept.</summary>
    public RejectCounters Rejects { get; } = new();

    public long Restarts => Interlocked.Read(ref _restarts);

    public long SyncErrors => Interlocked.Read(ref _syncErrors);

    public void CountRestart() => Interlocked.Increment(ref _restarts);

    public void CountSyncError() => Interlocked.Increment(ref _syncErrors);

    public long DeletedFiles(DeletionReason reason) => Interlocked.Read(ref _deletedFiles[(int)reason]);

    public void CountDeletedFile(DeletionReason reason) => Interlocked.Increment(ref _deletedFiles[(int)reason]);

    /// <summary>The counters of a schema, which stay as long as these, whatever schemas the channel has later.</summary>
    public SchemaCounters Of(RecordSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        lock (_writersGate)
        {
            SchemaCounters? known = _schemas.Find(one => one.Schema.Text == schema.Text);
            if (known is null)
                _schemas.Add(known = new SchemaCounters(schema));
            return known;
        }
    }

    /// <summary>Any thread: records of the schema that were archived.</summary>
    public long Archived(SchemaCounters schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        lock (_writersGate)
            return schema.EndedWriters.Archived + Running(schema);
    }

    /// <summary>A writer begins. Only it writes the tally, once a block.</summary>
    /// <param name="schema">Whose records it writes.</param>
    public SeqLock<WriterTally> BeginWriter(SchemaCounters? schema = null)
    {
        var tally = new SeqLock<WriterTally>();
        lock (_writersGate)
            _writers.Add((tally, schema));
        return tally;
    }

    /// <summary>A writer has ended and everything in its ring is counted: its tally is added to a sum.</summary>
    public void EndWriter(SeqLock<WriterTally> tally)
    {
        lock (_writersGate)
        {
            int index = _writers.FindIndex(writer => writer.Tally == tally);
            if (index < 0)
                return;
            WriterTally counted = tally.Read();
            if (_writers[index].Of is { } schema)
                schema.EndedWriters += counted;
            _endedWriters += counted;
            _writers.RemoveAt(index);
        }
    }

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

    public long KernelDrops()
    {
        lock (_kernelGate)
            return _kernelDropsOfClosedSockets + (_kernelDropsOfOpenSocket?.Invoke() ?? 0);
    }

    /// <summary>
    /// Any thread. The writers' tallies are read first: whatever they have settled was queued before, so the receive tally
    /// read later contains it and <see cref="LedgerSnapshot.Pending"/> is never negative.
    /// </summary>
    public LedgerSnapshot Snapshot()
    {
        WriterTally writers = Writers();
        return new LedgerSnapshot(Receive.Read(), writers, KernelDrops());
    }

    /// <summary>The same without asking the kernel, for a caller who knows that it has dropped nothing since <paramref name="before"/>.</summary>
    public LedgerSnapshot SnapshotAfter(in LedgerSnapshot before)
    {
        WriterTally writers = Writers();
        return new LedgerSnapshot(Receive.Read(), writers, before.KernelDrops);
    }

    private long Running(SchemaCounters schema)
    {
        long archived = 0;
        foreach ((SeqLock<WriterTally> tally, SchemaCounters? of) in _writers)
            archived += of == schema ? tally.Read().Archived : 0;
        return archived;
    }

    private WriterTally Writers()
    {
        lock (_writersGate)
        {
            WriterTally sum = _endedWriters;
            foreach ((SeqLock<WriterTally> tally, _) in _writers)
                sum += tally.Read();
            return sum;
        }
    }
}
