using SpeedData.Core.Decimate;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Channels;

/// <summary>What the receive thread works with; null for what is disabled.</summary>
internal sealed record ReceiveParts(
    IDatagramReceiver Receiver,
    SourceFilter Filter,
    RecordScan Scan,
    MarkBuffer Marks,
    BurstRing? Ring,
    IDatagramSender? FullRate,
    DecimatedStream? Decimated,
    Decimator? Decimator,
    ChannelCounters Counters,
    RejectLog Rejects);

/// <summary>
/// The duty cycle of the receive thread: take what the kernel has, check it, put it in the ring, relay it. It waits for
/// nothing but the socket.
/// </summary>
internal sealed unsafe class ReceiveLoop(ReceiveParts parts)
{
    private readonly IDatagramReceiver _receiver = parts.Receiver;
    private readonly SourceFilter _filter = parts.Filter;
    private readonly RecordScan _scan = parts.Scan;
    private readonly MarkBuffer _marks = parts.Marks;
    private readonly BurstRing? _ring = parts.Ring;
    private readonly IDatagramSender? _full = parts.FullRate;
    private readonly DecimatedStream? _decimated = parts.Decimated;
    private readonly Decimator? _decimator = parts.Decimator;
    private readonly ChannelCounters _counters = parts.Counters;
    private readonly RejectLog _rejects = parts.Rejects;
    private ReceiveTally _tally;
    private LostBefore _lost;
    private volatile bool _stopping;
    private volatile bool _abandoned;

    /// <summary>Returns when a stop was asked for and the socket's queue is empty.</summary>
    public void Run()
    {
        while (!_stopping)
            Pass(_receiver.Receive(_decimator?.TimeLeft() ?? Timeout.InfiniteTimeSpan));
        _receiver.StopAccepting();
        for (ReadOnlySpan<Burst> queued = _receiver.ReceiveQueued(); !queued.IsEmpty && !_abandoned; queued = _receiver.ReceiveQueued())
            Pass(queued);
        Work([], isLast: true);
    }

    /// <summary>Any thread: accept no more, read the queue empty, return.</summary>
    public void Stop()
    {
        _stopping = true;
        _receiver.EndWaiting();
    }

    /// <summary>Any thread: the drain ran out of time; return after the batch in hand.</summary>
    public void Abandon() => _abandoned = true;

    private void Pass(ReadOnlySpan<Burst> batch)
    {
        if (!batch.IsEmpty || _decimator is { IsDue: true })
            Work(batch, isLast: false);
    }

    private void Work(ReadOnlySpan<Burst> batch, bool isLast)
    {
        _tally = _counters.Receive.Value;
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
            throw;
        }
        finally
        {
            // Counted before it can be seen: the writer settles only what some snapshot of this tally has as queued.
            if (!batch.IsEmpty)
                _tally.LastDatagramNs = batch[^1].ReceiveTimeNs;
            _counters.Receive.Write(in _tally);
            _ring?.Publish();
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
        _full?.Add(payload, length, burst.SegmentSize);
        _decimator?.Add(new RecordRun(payload, length, burst.SegmentSize, marks, burst.ReceiveTimeNs));
    }

    private void Keep(BurstRing ring, in Burst burst, ReadOnlySpan<byte> run, int count)
    {
        if (ring.TryWrite(run, burst.SegmentSize, count, burst.ReceiveTimeNs, burst.Source, burst.SourcePort, _lost.Count))
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

    private void Deny(in Burst burst, int count)
    {
        _tally.SourceDenied += count;
        _rejects.Add(DropReason.SourceDenied, 0, burst.ReceiveTimeNs, burst.Source, burst.SourcePort, new ReadOnlySpan<byte>(burst.Payload, Math.Min(burst.SegmentSize, burst.Length)), count);
    }

    private void Refuse(in Burst burst, ReadOnlySpan<byte> datagram, RecordFaultKind kind)
    {
        _tally.Invalid++;
        _rejects.Add(DropReason.Invalid, (byte)kind, burst.ReceiveTimeNs, burst.Source, burst.SourcePort, datagram);
    }

    private void Flush()
    {
        if (_full is not null)
        {
            SendTally full = _full.Flush();
            _tally.FullRelayed += full.Sent;
            _tally.FullErrors += full.Errors;
        }

        if (_decimator is not null)
            FlushDecimated(_decimator, _decimated!);
    }

    private void FlushDecimated(Decimator decimator, DecimatedStream stream)
    {
        stream.Flush();
        decimator.EndBatch();
        SendTally decimated = stream.TakeTally();
        _tally.WindowRecords += decimator.TakeWindowRecords();
        _tally.DecimatedRelayed += decimated.Sent;
        _tally.DecimatedErrors += decimated.Errors;
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
        if (_ring is not null)
            _tally.Fault += accepted - (_tally.Queued - before.Queued) - (_tally.RingFull - before.RingFull);
        if (_full is not null)
            _tally.FullErrors += accepted - (_tally.FullRelayed - before.FullRelayed) - (_tally.FullErrors - before.FullErrors);
        if (_decimator is not null)
            SettleFaulted(_decimator, _decimated!);
    }

    private void SettleFaulted(Decimator decimator, DecimatedStream stream)
    {
        long records = decimator.TakeWindowRecords(), sent = stream.TakeTally().Sent;
        _tally.WindowRecords += records;
        _tally.DecimatedRelayed += sent;
        _tally.DecimatedErrors += records - sent;
    }
}
