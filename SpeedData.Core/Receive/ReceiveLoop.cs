using SpeedData.Core.Decimate;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Rejects;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Core.Receive;

/// <summary>
/// The cycle of the receive thread: takes datagrams from the kernel, checks them, puts them into the ring, relays them. It waits
/// for nothing but the socket. One thread at a time runs it. It outlives sockets and threads, and its tally continues.
/// </summary>
internal sealed unsafe class ReceiveLoop
{
    private readonly ChannelCounters _counters;
    private readonly RejectLog _rejects;
    private readonly StreamOutput _full = new(), _decimated;
    private ReceiveStage? _offered;
    private IDatagramReceiver? _receiver;
    private readonly LaneSet _lanes = new();
    private SourceFilter _filter = null!;
    private RejectKeeper? _keeper;
    private TapRing? _tap;
    private bool _archives;
    private bool _relays;
    private ReceiveTally _tally;
    private LostBefore _lost;
    private long _stageInUse;
    // Which thread has the stage: see Phase.
    private int _phase;
    private volatile bool _stopping;
    private volatile bool _isDrainOver;

    /// <param name="decimated">Receives the records of the decimators of all stages.</param>
    /// <param name="counters">Only this loop writes their receive tally.</param>
    /// <param name="rejects">Keeps refused datagrams.</param>
    public ReceiveLoop(StreamOutput decimated, ChannelCounters counters, RejectLog rejects)
    {
        _decimated = decimated;
        _counters = counters;
        _rejects = rejects;
    }

    /// <summary>Called on the receive thread after it has taken over a stage. Must not wait.</summary>
    public Action TookOver { get; init; } = () => { };

    /// <summary>Receives a copy of the accepted datagrams while somebody watches.</summary>
    public TapSlot Tap { get; init; } = new();

    /// <summary>Any thread: the number of the stage in use. Earlier stages are no longer used.</summary>
    public long StageInUse => Volatile.Read(ref _stageInUse);

    /// <summary>
    /// Sets the socket for the next <see cref="Run"/>. Call it while no thread runs, after the first stage was taken over.
    /// </summary>
    public void Prepare(IDatagramReceiver receiver)
    {
        _receiver = receiver;
        _stopping = false;
        _lost.SocketOpened();
    }

    /// <summary>Releases the socket before it is closed. Call it while no thread runs.</summary>
    public void Forget() => _receiver = null;

    /// <summary>Runs until a stop was requested and the socket's queue is empty.</summary>
    public void Run()
    {
        IDatagramReceiver receiver = _receiver!;
        bool hasStage = Claim();
        try
        {
            while (!_stopping)
            {
                TakeOverHere();
                TimeSpan timeout = _lanes.TimeLeft();
                hasStage = LetGo();
                // A stage was offered after the last check, while no other thread could take it over.
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
            // A stage was offered during the last batch, and perhaps no later thread takes it over.
            TakeOverWhereFree();
        }
    }

    /// <summary>Sends what the open window holds, before the senders are closed for good. Call it while no thread runs.</summary>
    public void EndWindow() => Work([], isLast: true);

    /// <summary>
    /// Any thread, one at a time: offers a stage for all further datagrams. It takes effect at once if the receive thread waits for its
    /// socket or does not run, otherwise with the next batch. It replaces an earlier offer that was not taken over.
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
            // No window has records of two settings.
            if (_lanes.EndsWindow(stage.Lanes))
                Work([], isLast: true);
        }
        finally
        {
            Take(stage);
        }
    }

    /// <summary>Claims the stage for the receive thread. Another thread that is changing it finishes within microseconds.</summary>
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

    /// <summary>Any thread: requests that the loop accepts nothing more, reads the queue until it is empty, and returns.</summary>
    public void Stop()
    {
        _stopping = true;
        _receiver?.EndWaiting();
    }

    /// <summary>Any thread: ends the drain, which ran out of time. The loop returns after the current batch.</summary>
    public void Abandon() => _isDrainOver = true;

    private void Take(ReceiveStage stage)
    {
        _filter = stage.Filter;
        _lanes.Use(stage.Lanes);
        _archives = stage.Archives;
        _keeper = stage.Keeper;
        _relays = stage.Relays;
        _full.Use(stage.FullRate);
        _decimated.Use(stage.Decimated);
        // Release: a thread that reads this number sees that no earlier stage is in use.
        Volatile.Write(ref _stageInUse, stage.Number);
    }

    private void Pass(ReadOnlySpan<Burst> batch)
    {
        if (!batch.IsEmpty || _lanes.IsDue)
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
            _lanes.Close(all: isLast);
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
            // Count before the writer can see the records: it settles only what a snapshot of this tally counts as queued.
            if (!batch.IsEmpty)
                NoteTimes(batch, in before);
            _counters.Receive.Write(in _tally);
            _lanes.Publish();
            _keeper?.Publish();
            _tap?.Publish();
        }
    }

    private void NoteTimes(ReadOnlySpan<Burst> batch, in ReceiveTally before)
    {
        _tally.LastDatagramNs = batch[^1].ReceiveTimeNs;
        if (_tally.Refused - before.Refused < _tally.Received - before.Received)
            _tally.RefusingSinceNs = 0;
        else if (_tally.RefusingSinceNs == 0)
            _tally.RefusingSinceNs = batch[0].ReceiveTimeNs;
    }

    private void Take(in Burst burst)
    {
        int count = burst.Count;
        _tally.Received += count;
        _tally.ReceivedBytes += burst.Length;
        _lost.See(burst.KernelDrops);
        if (!_filter.Allows(burst.Source))
            Deny(in burst, count);
        else if (_lanes.OfWhole(in burst) is { } lane)
            Accept(lane, in burst, 0, burst.Length, lane.Marks.Fixed);
        else
            AcceptRuns(in burst);
    }

    /// <summary>
    /// Splits a burst at datagrams that are invalid or of another schema. The datagrams on either side become bursts of their own.
    /// </summary>
    private void AcceptRuns(in Burst burst)
    {
        OpenLane lane = _lanes.First;
        int run = 0, inRun = 0, at = 0;
        do
        {
            int size = Math.Min(burst.SegmentSize, burst.Length - at);
            var datagram = new ReadOnlySpan<byte>(burst.Payload + at, size);
            OpenLane? taker = _lanes.Of(datagram, lane, inRun, out RecordFaultKind kind);
            if (taker != lane)
            {
                Accept(lane, in burst, run, at, lane.Marks.Noted);
                if (taker is null)
                    Refuse(in burst, datagram, kind);
                (lane, run, inRun) = (taker ?? lane, taker is null ? at + size : at, 0);
            }

            at += size;
            if (taker is not null && ++inRun == lane.Marks.Records)
            {
                Accept(lane, in burst, run, at, lane.Marks.Noted);
                (run, inRun) = (at, 0);
            }
        }
        while (at < burst.Length);
        Accept(lane, in burst, run, at, lane.Marks.Noted);
    }

    private void Accept(OpenLane lane, in Burst burst, int from, int to, RecordMarks marks)
    {
        if (from == to)
            return;
        int length = to - from, count = (length + burst.SegmentSize - 1) / burst.SegmentSize;
        byte* payload = burst.Payload + from;
        lane.Count(count);
        if (lane.Ring is not null)
            Keep(lane.Ring, in burst, new ReadOnlySpan<byte>(payload, length), count);
        else if (_archives)
            Lose(count);
        if (_relays)
            _full.Add(payload, length, burst.SegmentSize, count);
        _tap?.Add(payload, length, burst.SegmentSize, burst.ReceiveTimeNs, lane.Scan.Layout);
        lane.Decimator?.Add(new RecordRun(payload, length, burst.SegmentSize, marks, burst.ReceiveTimeNs));
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

    /// <summary>Counts datagrams as lost because the archive has no writer at the moment.</summary>
    private void Lose(int count)
    {
        _lost.Add((uint)count);
        _tally.Fault += count;
    }

    private void Deny(in Burst burst, int count)
    {
        _tally.SourceDenied += count;
        _rejects.Add(DropReason.SourceDenied, 0, burst.ReceiveTimeNs, burst.Sender, new ReadOnlySpan<byte>(burst.Payload, Math.Min(burst.SegmentSize, burst.Length)), count);
        _keeper?.Add(DropReason.SourceDenied, 0, burst.ReceiveTimeNs, burst.Sender, burst.Bytes, burst.SegmentSize);
    }

    private void Refuse(in Burst burst, ReadOnlySpan<byte> datagram, RecordFaultKind kind)
    {
        _tally.Invalid++;
        _rejects.Add(DropReason.Invalid, (byte)kind, burst.ReceiveTimeNs, burst.Sender, datagram);
        _keeper?.Add(DropReason.Invalid, (byte)kind, burst.ReceiveTimeNs, burst.Sender, datagram, datagram.Length);
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

        if (_lanes.Decimates)
            FlushDecimated();
    }

    private void FlushDecimated()
    {
        _decimated.Flush();
        _lanes.EndBatch();
        SendTally decimated = _decimated.TakeTally();
        _tally.WindowRecords += _lanes.TakeWindowRecords();
        _tally.DecimatedRelayed += decimated.Sent;
        _tally.DecimatedErrors += decimated.Errors;
    }

    /// <summary>Abandons senders and decimators. What they still hold is counted now, and must not be sent and counted again.</summary>
    private void AbandonOutputs()
    {
        _full.Abandon();
        _decimated.Abandon();
        _lanes.Abandon();
    }

    /// <summary>Completes the ledger after an exception in the middle of a batch: counts each datagram that is not counted yet.</summary>
    private void SettleFaulted(ReadOnlySpan<Burst> batch, in ReceiveTally before)
    {
        _tally.Received = before.Received;
        _tally.ReceivedBytes = before.ReceivedBytes;
        foreach (ref readonly Burst burst in batch)
        {
            _tally.Received += burst.Count;
            _tally.ReceivedBytes += burst.Length;
        }

        long accepted = _tally.Received - before.Received - (_tally.Refused - before.Refused);
        if (_archives)
            _tally.Fault += accepted - (_tally.Queued - before.Queued) - (_tally.RingFull - before.RingFull) - (_tally.Fault - before.Fault);
        if (_relays)
        {
            _tally.FullRelayed += _full.TakeTally().Sent;
            _tally.FullErrors += accepted - (_tally.FullRelayed - before.FullRelayed) - (_tally.FullErrors - before.FullErrors);
        }

        if (_lanes.Decimates)
            SettleFaulted();
    }

    private void SettleFaulted()
    {
        long records = _lanes.TakeWindowRecords(), sent = _decimated.TakeTally().Sent;
        _tally.WindowRecords += records;
        _tally.DecimatedRelayed += sent;
        _tally.DecimatedErrors += records - sent;
    }

    /// <summary>Which thread has the stage. The receive thread gives it up while it waits for its socket.</summary>
    private static class Phase
    {
        public const int Free = 0, InUse = 1, TakenByAnother = 2;
    }
}
