using SpeedData.Core.Decimate;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Core.Receive;

/// <summary>
/// The duty cycle of the receive thread: take what the kernel has, check it, put it in the ring, relay it. It waits for
/// nothing but the socket. One thread at a time runs it; it outlives sockets and threads, and its tally goes on.
/// </summary>
internal sealed unsafe class ReceiveLoop
{
    private readonly ChannelCounters _counters;
    private readonly RejectLog _rejects;
    private readonly StreamOutput _full = new(), _decimated;
    private ReceiveStage? _offered;
    private IDatagramReceiver? _receiver;
    private SourceFilter _filter = null!;
    private RecordScan _scan = null!;
    private MarkBuffer _marks = null!;
    private BurstRing? _ring;
    private Decimator? _decimator, _abandoned;
    private TapRing? _tap;
    private bool _archives;
    private bool _relays;
    private ReceiveTally _tally;
    private LostBefore _lost;
    private long _stageInUse;
    // Who has the stage: see Phase.
    private int _phase;
    private volatile bool _stopping;
    private volatile bool _isDrainOver;

    /// <param name="decimated">Where the decimators of all stages send their records.</param>
    /// <param name="counters">Its receive tally is written by this loop only.</param>
    /// <param name="rejects">Where refused datagrams are kept.</param>
    public ReceiveLoop(StreamOutput decimated, ChannelCounters counters, RejectLog rejects)
    {
        _decimated = decimated;
        _counters = counters;
        _rejects = rejects;
    }

    /// <summary>Called on the receive thread when it has taken over a stage. Must not wait.</summary>
    public Action TookOver { get; init; } = () => { };

    /// <summary>Gets a copy of what is accepted, while somebody watches.</summary>
    public TapSlot Tap { get; init; } = new();

    /// <summary>Any thread: number of the stage in use. Nothing of earlier stages is used any more.</summary>
    public long StageInUse => Volatile.Read(ref _stageInUse);

    /// <summary>While no thread runs, and after a first stage was taken over: the next <see cref="Run"/> reads this socket.</summary>
    public void Prepare(IDatagramReceiver receiver)
    {
        _receiver = receiver;
        _stopping = false;
        _lost.SocketOpened();
    }

    /// <summary>While no thread runs: the socket is about to be closed.</summary>
    public void Forget() => _receiver = null;

    /// <summary>Returns when a stop was asked for and the socket's queue is empty.</summary>
    public void Run()
    {
        IDatagramReceiver receiver = _receiver!;
        bool hasStage = Claim();
        try
        {
            while (!_stopping)
            {
                TakeOverHere();
                TimeSpan timeout = _decimator?.TimeLeft() ?? Timeout.InfiniteTimeSpan;
                hasStage = LetGo();
                // Offered since it was looked at, while nobody else could take it.
                ReadOnlySpan<Burst> batch = Volatile.Read(ref _offered) is null ? receiver.Receive(timeout) : [];
                hasStage = Claim();
                Pass(batch);
            }

            receiver.StopAccepting();
            for (ReadOnlySpan<Burst> queued = receiver.ReceiveQueued(); !queued.IsEmpty && !_isDrainOver; queued = receiver.ReceiveQueued())
                Pass(queued);
        }
        finally
        {
            if (hasStage)
                LetGo();
            // Offered during the last batch: no thread may come after this one.
            TakeOverWhereFree();
        }
    }

    /// <summary>While no thread runs, before the senders are closed for good: sends what the open window has.</summary>
    public void EndWindow() => Work([], isLast: true);

    /// <summary>
    /// Any thread, one at a time: from now on datagrams are treated by this stage. Where the receive thread waits for its socket
    /// or does not run, that is so at once; where it works, from its next batch on. An earlier offer that was not taken is void.
    /// </summary>
    public void Offer(ReceiveStage stage)
    {
        Volatile.Write(ref _offered, stage);
        TakeOverWhereFree();
    }

    private void TakeOverWhereFree()
    {
        if (Volatile.Read(ref _offered) is null || Interlocked.CompareExchange(ref _phase, Phase.TakenByAnother, Phase.Free) != Phase.Free)
            return;
        try
        {
            TakeOver();
        }
        finally
        {
            Volatile.Write(ref _phase, Phase.Free);
        }
    }

    private void TakeOverHere()
    {
        if (Volatile.Read(ref _offered) is null)
            return;
        TakeOver();
        TookOver();
    }

    private void TakeOver()
    {
        if (Interlocked.Exchange(ref _offered, null) is not { } stage)
            return;
        try
        {
            // None has records of two settings.
            if (_decimator is not null && _decimator != stage.Check.Decimator)
                Work([], isLast: true);
        }
        finally
        {
            Take(stage);
        }
    }

    /// <summary>The receive thread is about to use the stage. Who changes it meanwhile is done in microseconds.</summary>
    private bool Claim()
    {
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _phase, Phase.InUse, Phase.Free) != Phase.Free)
            spin.SpinOnce();
        return true;
    }

    private bool LetGo()
    {
        Interlocked.Exchange(ref _phase, Phase.Free);
        return false;
    }

    /// <summary>Any thread: accept no more, read the queue empty, return.</summary>
    public void Stop()
    {
        _stopping = true;
        _receiver?.EndWaiting();
    }

    /// <summary>Any thread: the drain ran out of time; return after the batch in hand.</summary>
    public void Abandon() => _isDrainOver = true;

    private void Take(ReceiveStage stage)
    {
        _filter = stage.Filter;
        _scan = stage.Check.Scan;
        _marks = stage.Check.Marks;
        _archives = stage.Archives;
        _ring = stage.Ring;
        _relays = stage.Relays;
        _full.Use(stage.FullRate);
        _decimated.Use(stage.Decimated);
        _decimator = stage.Check.Decimator == _abandoned ? null : stage.Check.Decimator;
        // Release: whoever reads the number sees that nothing else is in use.
        Volatile.Write(ref _stageInUse, stage.Number);
    }

    private void Pass(ReadOnlySpan<Burst> batch)
    {
        if (!batch.IsEmpty || _decimator is { IsDue: true })
            Work(batch, isLast: false);
    }

    private void Work(ReadOnlySpan<Burst> batch, bool isLast)
    {
        _tally = _counters.Receive.Value;
        _tap = Tap.Open;
        ReceiveTally before = _tally;
        try
        {
            foreach (ref readonly Burst burst in batch)
                Take(in burst);
            if (isLast || _decimator is { IsDue: true })
                _decimator?.Close();
            Flush();
        }
        catch
        {
            SettleFaulted(batch, in before);
            AbandonOutputs();
            throw;
        }
        finally
        {
            // Counted before it can be seen: the writer settles only what some snapshot of this tally has as queued.
            if (!batch.IsEmpty)
                _tally.LastDatagramNs = batch[^1].ReceiveTimeNs;
            _counters.Receive.Write(in _tally);
            _ring?.Publish();
            _tap?.Publish();
        }
    }

    private void Take(in Burst burst)
    {
        int count = burst.Count;
        _tally.Received += count;
        _tally.ReceivedBytes += burst.Length;
        _lost.See(burst.KernelDrops);
        if (!_filter.Allows(burst.Source))
            Deny(in burst, count);
        else if (burst.SegmentSize == _scan.FixedSize && burst.Length % burst.SegmentSize == 0)
            Accept(in burst, 0, burst.Length, _marks.Fixed);
        else
            AcceptRuns(in burst);
    }

    /// <summary>An invalid datagram splits its burst: the valid ones on either side go on as bursts of their own.</summary>
    private void AcceptRuns(in Burst burst)
    {
        int run = 0, inRun = 0, at = 0;
        do
        {
            int size = Math.Min(burst.SegmentSize, burst.Length - at);
            var datagram = new ReadOnlySpan<byte>(burst.Payload + at, size);
            RecordFaultKind kind = _scan.Check(datagram, _marks.For(inRun));
            inRun++;
            if (kind != RecordFaultKind.None)
            {
                Accept(in burst, run, at, _marks.Noted);
                Refuse(in burst, datagram, kind);
                (run, inRun) = (at + size, 0);
            }
            else if (inRun == _marks.Records)
            {
                Accept(in burst, run, at + size, _marks.Noted);
                (run, inRun) = (at + size, 0);
            }

            at += size;
        }
        while (at < burst.Length);
        Accept(in burst, run, at, _marks.Noted);
    }

    private void Accept(in Burst burst, int from, int to, RecordMarks marks)
    {
        if (from == to)
            return;
        int length = to - from, count = (length + burst.SegmentSize - 1) / burst.SegmentSize;
        byte* payload = burst.Payload + from;
        if (_ring is not null)
            Keep(_ring, in burst, new ReadOnlySpan<byte>(payload, length), count);
        else if (_archives)
            Lose(count);
        if (_relays)
            _full.Add(payload, length, burst.SegmentSize, count);
        _tap?.Add(payload, length, burst.SegmentSize, burst.ReceiveTimeNs, _scan.Layout);
        _decimator?.Add(new RecordRun(payload, length, burst.SegmentSize, marks, burst.ReceiveTimeNs));
    }

    private void Keep(BurstRing ring, in Burst burst, ReadOnlySpan<byte> run, int count)
    {
        if (ring.TryWrite(run, burst.SegmentSize, count, burst.ReceiveTimeNs, burst.Sender, _lost.Count))
        {
            _lost.Clear();
            _tally.Queued += count;
        }
        else
        {
            _lost.Add((uint)count);
            _tally.RingFull += count;
        }
    }

    /// <summary>The archive has no writer at the moment.</summary>
    private void Lose(int count)
    {
        _lost.Add((uint)count);
        _tally.Fault += count;
    }

    private void Deny(in Burst burst, int count)
    {
        _tally.SourceDenied += count;
        _rejects.Add(DropReason.SourceDenied, 0, burst.ReceiveTimeNs, burst.Sender, new ReadOnlySpan<byte>(burst.Payload, Math.Min(burst.SegmentSize, burst.Length)), count);
    }

    private void Refuse(in Burst burst, ReadOnlySpan<byte> datagram, RecordFaultKind kind)
    {
        _tally.Invalid++;
        _rejects.Add(DropReason.Invalid, (byte)kind, burst.ReceiveTimeNs, burst.Sender, datagram);
    }

    private void Flush()
    {
        if (_relays)
        {
            _full.Flush();
            SendTally full = _full.TakeTally();
            _tally.FullRelayed += full.Sent;
            _tally.FullErrors += full.Errors;
        }

        if (_decimator is not null)
            FlushDecimated(_decimator);
    }

    private void FlushDecimated(Decimator decimator)
    {
        _decimated.Flush();
        decimator.EndBatch();
        SendTally decimated = _decimated.TakeTally();
        _tally.WindowRecords += decimator.TakeWindowRecords();
        _tally.DecimatedRelayed += decimated.Sent;
        _tally.DecimatedErrors += decimated.Errors;
    }

    /// <summary>What senders and decimator still hold is counted now, and must not be sent and counted again.</summary>
    private void AbandonOutputs()
    {
        _full.Abandon();
        _decimated.Abandon();
        _abandoned = _decimator ?? _abandoned;
        _decimator = null;
    }

    /// <summary>Something threw in the middle of a batch: every datagram of it that has no place in the ledger yet gets one.</summary>
    private void SettleFaulted(ReadOnlySpan<Burst> batch, in ReceiveTally before)
    {
        _tally.Received = before.Received;
        _tally.ReceivedBytes = before.ReceivedBytes;
        foreach (ref readonly Burst burst in batch)
        {
            _tally.Received += burst.Count;
            _tally.ReceivedBytes += burst.Length;
        }

        long refused = _tally.Invalid - before.Invalid + _tally.SourceDenied - before.SourceDenied;
        long accepted = _tally.Received - before.Received - refused;
        if (_archives)
            _tally.Fault += accepted - (_tally.Queued - before.Queued) - (_tally.RingFull - before.RingFull) - (_tally.Fault - before.Fault);
        if (_relays)
        {
            _tally.FullRelayed += _full.TakeTally().Sent;
            _tally.FullErrors += accepted - (_tally.FullRelayed - before.FullRelayed) - (_tally.FullErrors - before.FullErrors);
        }

        if (_decimator is not null)
            SettleFaulted(_decimator);
    }

    private void SettleFaulted(Decimator decimator)
    {
        long records = decimator.TakeWindowRecords(), sent = _decimated.TakeTally().Sent;
        _tally.WindowRecords += records;
        _tally.DecimatedRelayed += sent;
        _tally.DecimatedErrors += records - sent;
    }

    /// <summary>Who has the stage, which the receive thread lets go of while it waits for its socket.</summary>
    private static class Phase
    {
        public const int Free = 0, InUse = 1, TakenByAnother = 2;
    }
}
