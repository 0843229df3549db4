using SpeedData.Core.Archive.Index;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive;

/// <summary>
/// The writer stage of a channel: takes blocks from the ring and keeps them as Avro object container files. What a disk
/// can do to it is a state (<see cref="State"/>), never an exception.
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

    /// <param name="channel">The channel's name; begins every file's.</param>
    /// <param name="schema">Of its records; the file's own text goes into the header.</param>
    /// <param name="folder">The channel's folder, which outlives this writer; made on the disk when the first datagram comes.</param>
    /// <param name="options">How to keep.</param>
    /// <param name="timeOptions">Which field the index takes for the device's time.</param>
    /// <param name="backoff">Delays between attempts after a fault; here never longer than 1 s.</param>
    /// <param name="ring">This writer is its consumer.</param>
    /// <param name="tally">Where it counts; written by this writer only.</param>
    /// <param name="counters">The channel's.</param>
    /// <param name="time">Decides rotation, sync interval, backoff and the header's time of creation.</param>
    /// <param name="files">File operations; null for the platform's.</param>
    internal ArchiveWriter(
        string channel, RecordSchema schema, ArchiveFolder folder, ArchiveOptions options, TimeOptions timeOptions, RestartOptions backoff,
        BurstRing ring, SeqLock<WriterTally> tally, ChannelCounters counters, TimeProvider time, IArchiveFiles? files = null)
    {
        files ??= PortableArchiveFiles.ForThisPlatform;
        _ring = ring;
        _tally = tally;
        _folder = folder;
        _health = new ArchiveHealth(time);
        _worker = new SyncWorker($"sync {channel}", options.SyncEvery, new FileFinisher(_folder, files, _health, counters), time);
        _indexer = new BlockIndexer(ring, options.ReceiveTimes, TimeField.Find(schema.Layout, timeOptions.Field, timeOptions.UnitNs), counters);
        _file = new RollingFile(channel, schema.Text, options, backoff, _folder, files, _health, _worker, _indexer, time);
        _recovery = new RecoveryWorker($"recover {channel}", new FolderRecovery(_folder, channel, timeOptions, files, BootId.Current), _folder);
        _blocks = new BlockAssembler(ring, options.BlockBytes, options.FlushEvery);
    }

    /// <summary>Any thread: what keeps it from writing; null for nothing. Cheaper than <see cref="State"/>.</summary>
    public Fault? Fault => _health.Fault;

    /// <summary>Any thread.</summary>
    public ArchiveState State
    {
        get
        {
            PartFile? part = _file.Part;
            FolderTotals totals = _folder.Listing.Totals;
            return new ArchiveState(_health.Fault, _health.LastFault, part?.Path, totals.Files, totals.Bytes + (part?.Length ?? 0), totals.Oldest) { Recovered = _recovery.Reports, NamedInTheFuture = _folder.NamedInTheFuture };
        }
    }

    /// <summary>
    /// The writer thread's body: writes until the ring is completed and empty, or the rest is abandoned; then every file
    /// has had its end. Only the unexpected is thrown, and what was written whole is finished then too.
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
    /// Any thread: the drain ran out of time. <see cref="Run"/> writes no more and returns as soon as the call it is in
    /// does; the part file stays one. Count what is left with <see cref="CountRest"/>.
    /// </summary>
    public void Abandon()
    {
        _abandoned = true;
        _worker.Abandon();
        _ring.Complete();
    }

    /// <summary>
    /// Any thread but the writer's, once the producer has ended, and the writer has too or was abandoned: counts every
    /// datagram left in the ring as <c>fault</c>, by walking the descriptors. A writer still stuck in a call settles
    /// nothing any more: its block is among those counted, and is cut off the file should the call succeed after all.
    /// </summary>
    /// <returns>Datagrams counted.</returns>
    public long CountRest()
    {
        lock (_settling)
        {
            _restCounted = true;
            return CountRest(_ring, _tally);
        }
    }

    /// <summary>The same for a ring without a writer.</summary>
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

    /// <summary>To be called once <see cref="Run"/> has returned, or was never called.</summary>
    public void Dispose()
    {
        _worker.Dispose();
        _file.Dispose();
        _recovery.Dispose();
    }

    private void Begin()
    {
        _worker.Begin();
        using ArchiveHealth.Scope waiting = _health.Writing();
        // Since the last writer of this folder ended anything may have happened to it.
        _folder.Forget();
        _file.Begin();
    }

    /// <returns>False once there is nothing more to do.</returns>
    private bool Step()
    {
        if (_folder.HasLeftovers)
            _recovery.Begin();
        BlockReadiness readiness = _blocks.Next(_file.UntilDue, out Block block);
        using ArchiveHealth.Scope waiting = _health.Writing();
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
            // Counted with the rest, or about to be since something threw: the file must not have it too.
            if (!settled)
                _file.LeaveOut();
        }

        _file.AppendToIndex();
    }

    /// <returns>False if the block was counted with the rest meanwhile.</returns>
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
            // Counted, then released. A datagram is queued (receive tally) before it is published, settled (this tally)
            // while it still lies in the ring, and the room is free only then: so pending is never less than 0, whoever
            // finds the ring empty finds a settled ledger, and a walk over what is unreleased finds only what no tally
            // holds. Release's stores are volatile: they are not seen before the tally is.
            _tally.Write(tally);
            _ring.Release(block.EndIndex);
            return true;
        }
    }
}
