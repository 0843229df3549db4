using SpeedData.Core.Schema;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// The counters of one channel, from its addition to its removal. One thread at a time writes the receive tally. Each writer of the
/// archive has its own tally, so that a writer that hangs in a system call never writes into its successor's tally. Any thread may
/// take a <see cref="Snapshot"/>.
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

    /// <summary>The receive tally, which the receive thread writes once per batch.</summary>
    public SeqLock<ReceiveTally> Receive { get; } = new();

    /// <summary>Counts refused datagrams that are to be kept.</summary>
    public RejectCounters Rejects { get; } = new();

    public long Restarts => Interlocked.Read(ref _restarts);

    public long SyncErrors => Interlocked.Read(ref _syncErrors);

    public void CountRestart() => Interlocked.Increment(ref _restarts);

    public void CountSyncError() => Interlocked.Increment(ref _syncErrors);

    public long DeletedFiles(DeletionReason reason) => Interlocked.Read(ref _deletedFiles[(int)reason]);

    public void CountDeletedFile(DeletionReason reason) => Interlocked.Increment(ref _deletedFiles[(int)reason]);

    /// <summary>Returns the counters of a schema. They live as long as this object, even if the channel drops the schema.</summary>
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

    /// <summary>Any thread: returns the number of archived records of the schema.</summary>
    public long Archived(SchemaCounters schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        lock (_writersGate)
            return schema.EndedWriters.Archived + Running(schema);
    }

    /// <summary>Adds the tally of a new writer. Only that writer writes it, once per block.</summary>
    /// <param name="schema">The schema of the records that it writes.</param>
    public SeqLock<WriterTally> BeginWriter(SchemaCounters? schema = null)
    {
        var tally = new SeqLock<WriterTally>();
        lock (_writersGate)
            _writers.Add((tally, schema));
        return tally;
    }

    /// <summary>Adds the tally of an ended writer to a sum. Everything in its ring must have been counted.</summary>
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

    /// <summary>
    /// Includes the kernel's drop count of a new socket. The function may be called on any thread, but never after
    /// <see cref="SocketClosing"/>.
    /// </summary>
    public void SocketOpened(Func<long> kernelDrops)
    {
        lock (_kernelGate)
            _kernelDropsOfOpenSocket = kernelDrops;
    }

    /// <summary>Reads the socket's drop count a last time and keeps it. Call it before the socket is closed.</summary>
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
    /// Any thread: reads all tallies. The writers' tallies are read first. Everything they have settled was queued before, so the receive
    /// tally, read later, includes it, and <see cref="LedgerSnapshot.Pending"/> is never negative.
    /// </summary>
    public LedgerSnapshot Snapshot()
    {
        WriterTally writers = Writers();
        return new LedgerSnapshot(Receive.Read(), writers, KernelDrops());
    }

    /// <summary>
    /// Takes a snapshot without asking the kernel, for a caller who knows that it has dropped nothing since
    /// <paramref name="before"/>.
    /// </summary>
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
