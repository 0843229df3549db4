using SpeedData.Core.Archive.Index;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive;

/// <summary>
/// The writer stage of a channel: takes blocks from the ring and writes them to Avro object container files. A disk fault
/// becomes a state (<see cref="State"/>), never an exception.
/// </summary>
public sealed class ArchiveWriter : IDisposable
{
    private readonly BurstRing _ring;
    private readonly SeqLock<WriterTally> _tally;
    private readonly ArchiveFolder _folder;
    private readonly ArchiveHealth _health;
    private readonly SyncWorker _worker;
    private readonly RollingFile _file;
    private readonly BlockIndexer _indexer;
    private readonly RecoveryWorker _recovery;
    private readonly BlockAssembler _blocks;
    private readonly Lock _settling = new();
    private volatile bool _abandoned;
    private bool _restCounted;

    /// <param name="channel">The channel's name, which begins the name of every file.</param>
    /// <param name="schema">Schema of the records. Its text in the schema file goes into the header.</param>
    /// <param name="folder">
    /// The channel's folder, which outlives this writer. It is created on the disk when the first datagram arrives.
    /// </param>
    /// <param name="options">How to record.</param>
    /// <param name="timeOptions">Which field is the device's time.</param>
    /// <param name="backoff">Delays between attempts after a fault; here never longer than 1 s.</param>
    /// <param name="ring">The ring. This writer is its consumer.</param>
    /// <param name="tally">The writer's tally. Only this writer writes it.</param>
    /// <param name="counters">The channel's counters.</param>
    /// <param name="time">The clock for rotation, sync interval, backoff and the header's creation time.</param>
    /// <param name="files">File operations; null for the platform's.</param>
    /// <param name="alternative">Counts the schema's records if the channel has other schemas too; otherwise null.</param>
    /// <param name="forNextFile">
    /// Returns the present options. Each new file uses their codec, rotation and host name. Null if they never change.
    /// </param>
    internal ArchiveWriter(
        string channel, RecordSchema schema, ArchiveFolder folder, ArchiveOptions options, TimeOptions timeOptions, RestartOptions backoff,
        BurstRing ring, SeqLock<WriterTally> tally, ChannelCounters counters, TimeProvider time, IArchiveFiles? files = null, Func<ArchiveOptions>? forNextFile = null, SchemaCounters? alternative = null)
    {
        files ??= PortableArchiveFiles.ForThisPlatform;
        _ring = ring;
        _tally = tally;
        _folder = folder;
        _health = new ArchiveHealth(time);
        _worker = new SyncWorker($"sync {channel}", options.SyncEvery, new FileFinisher(_folder, files, _health, counters), time);
        _indexer = new BlockIndexer(ring, options.ReceiveTimes, TimeField.Find(schema.Layout, timeOptions.Field, timeOptions.UnitNs), counters, alternative);
        _file = new RollingFile(channel, schema.Text, options, forNextFile ?? (() => options), backoff, _folder, files, _health, _worker, _indexer, time);
        _recovery = new RecoveryWorker($"recover {channel}", new FolderRecovery(_folder, channel, timeOptions, files, BootId.Current), _folder);
        _blocks = new BlockAssembler(ring, options.BlockBytes, options.FlushEvery);
    }

    /// <summary>Any thread: why it cannot write; null if nothing is wrong. Costs less than <see cref="State"/>.</summary>
    public Fault? Fault => _health.Fault;

    /// <summary>Any thread: whether anything happened since an earlier reading. Costs less than <see cref="State"/>.</summary>
    public ArchiveNews News => new(_health.Fault, _health.LastFault, _recovery.Reports.Count);

    /// <summary>Any thread: the state of the archive.</summary>
    public ArchiveState State
    {
        get
        {
            PartFile? part = _file.Part;
            FolderTotals totals = _folder.Listing.Totals;
            return new ArchiveState(_health.Fault, _health.LastFault, part?.Path, totals.Files, totals.Bytes + (part?.Length ?? 0), totals.Oldest) { PartBytes = part?.Length ?? 0, Recovered = _recovery.Reports, NamedInTheFuture = _folder.NamedInTheFuture };
        }
    }

    /// <summary>
    /// Runs the writer thread: writes until the ring is completed and empty, or the rest is abandoned, then ends every file. Only
    /// unexpected exceptions leave it, and even then it first ends the files with what was written completely.
    /// </summary>
    public void Run()
    {
        _folder.Enter();
        try
        {
            Begin();
            while (!_abandoned && Step())
            {
            }
        }
        finally
        {
            _file.End();
            _worker.Drain();
            _recovery.Stop();
            _folder.Leave();
        }
    }

    /// <summary>
    /// Any thread: ends the drain, which ran out of time. <see cref="Run"/> writes nothing more and returns after its present call.
    /// The part file stays a part file. Count what is left with <see cref="CountRest"/>.
    /// </summary>
    public void Abandon()
    {
        _abandoned = true;
        _worker.Abandon();
        _ring.Complete();
    }

    /// <summary>
    /// Any thread but the writer's: counts every datagram left in the ring as <c>fault</c>, by walking the descriptors. The producer
    /// must have ended, and the writer must have ended or been abandoned. A writer that still hangs in a call counts nothing more:
    /// its block is counted here, and is cut off the file if the call succeeds later.
    /// </summary>
    /// <returns>The number of datagrams counted.</returns>
    public long CountRest()
    {
        lock (_settling)
        {
            _restCounted = true;
            return CountRest(_ring, _tally);
        }
    }

    /// <summary>Counts what is left in a ring that has no writer.</summary>
    public static long CountRest(BurstRing ring, SeqLock<WriterTally> counted)
    {
        long datagrams = 0;
        long published = ring.PublishedIndex;
        for (long index = ring.ReleasedIndex; index < published; index++)
            datagrams += ring[index].Count;
        WriterTally tally = counted.Value;
        tally.Fault += datagrams;
        counted.Write(tally);
        ring.Release(published);
        return datagrams;
    }

    /// <summary>Frees the writer. <see cref="Run"/> must have returned, or never have been called.</summary>
    public void Dispose()
    {
        _worker.Dispose();
        _file.Dispose();
        _recovery.Dispose();
    }

    private void Begin()
    {
        _worker.Begin();
        using ArchiveHealth.WaitScope waiting = _health.Writing();
        // The folder may have been changed in any way since its last writer ended.
        _folder.Forget();
        _file.Begin();
    }

    /// <returns>False once there is nothing more to do.</returns>
    private bool Step()
    {
        if (_folder.HasLeftovers)
            _recovery.Begin();
        BlockReadiness readiness = _blocks.Next(_file.UntilDue, out Block block);
        using ArchiveHealth.WaitScope waiting = _health.Writing();
        if (readiness == BlockReadiness.Closed && !_abandoned)
            Write(block);
        else
            _file.KeepTime();
        if (readiness == BlockReadiness.Waited && _ring.UsedBytes == 0)
            _file.TryAgain();
        return readiness != BlockReadiness.Drained;
    }

    private void Write(in Block block)
    {
        var records = new BlockData(_ring.Payload(block.First.Offset, block.First.Length), _ring.Payload(block.Second.Offset, block.Second.Length));
        bool settled = false;
        try
        {
            long bytes = _file.Append(block, records);
            if (bytes == 0)
                _indexer.LeaveOut(block);
            settled = TrySettle(block, bytes);
        }
        finally
        {
            // The block is counted with the rest, or will be because of an exception. It must not be in the file too.
            if (!settled)
                _file.LeaveOut();
        }

        _file.AppendToIndex();
    }

    /// <returns>False if the block was already counted with the rest.</returns>
    private bool TrySettle(in Block block, long bytes)
    {
        lock (_settling)
        {
            if (_restCounted)
                return false;
            WriterTally tally = _tally.Value;
            if (bytes > 0)
                tally.Archived += block.Datagrams;
            else
                tally.Disk += block.Datagrams;
            tally.ArchivedBytes += bytes;
            // Count first, then release. A datagram is counted as queued before it is published, and as settled while it is still
            // in the ring. So pending is never below 0, an empty ring means a settled ledger, and CountRest finds only what no
            // tally has. Release uses volatile stores: nobody sees them before the tally.
            _tally.Write(tally);
            _ring.Release(block.EndIndex);
            return true;
        }
    }
}
