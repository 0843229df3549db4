using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>How a part file ends.</summary>
internal enum PartEnd
{
    /// <summary>It is complete: sync, close, rename, sync the folder.</summary>
    Finish,

    /// <summary>Its contents on the disk are unknown: close it and leave it as a part file for recovery.</summary>
    SetAside,

    /// <summary>It has no complete block: delete it.</summary>
    Delete,
}

/// <summary>
/// Does all work that may stall for long, on a separate thread: fdatasync every interval while there is unsynced data, and the end
/// of files. The thread begins with the first file, and sleeps without a timeout if there is nothing to do.
/// </summary>
/// <remarks>At 210 MB/s, fdatasync stalled the writer for 253 ms on the writer's thread, and for 82 ms on a separate thread.</remarks>
internal sealed class SyncWorker : IDisposable
{
    // The limit of open files that wait for their end. If the disk falls further behind, the writer waits and the ring fills.
    private const int MaxWaiting = 16;

    private readonly string _threadName;
    private readonly TimeSpan _syncEvery;
    private readonly FileFinisher _finisher;
    private readonly ITimer _timer, _retryTimer;
    private readonly Backoff _retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private readonly object _gate = new();
    private readonly Queue<(PartFile Part, PartEnd End)> _ending = new();
    private PartFile? _current;
    private bool _syncDue;
    private bool _retryDue;
    private bool _started;
    private bool _stopping;
    private bool _ended;
    private bool _abandoned;
    private Exception? _failure;

    public SyncWorker(string threadName, TimeSpan syncEvery, FileFinisher finisher, TimeProvider time)
    {
        _threadName = threadName;
        _syncEvery = syncEvery;
        _finisher = finisher;
        _timer = time.CreateTimer(static self => ((SyncWorker)self!).SyncNow(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer = time.CreateTimer(static self => ((SyncWorker)self!).RetryNow(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writer: starts the thread in advance, so that no file begins without it.</summary>
    /// <exception cref="ThreadRoomException">The thread cannot be started.</exception>
    public void Begin()
    {
        lock (_gate)
            StartOnce();
    }

    /// <summary>Writer: takes a new file, and makes its name durable at once.</summary>
    public void Opened(PartFile part)
    {
        lock (_gate)
        {
            StartOnce();
            _current = part;
            _syncDue = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Writer: notes that a block was appended. Does not wake the sync thread.</summary>
    public void Written(PartFile part)
    {
        if (part.MarkDirty())
            _timer.Change(_syncEvery, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writer: hands a file over for good. Waits if too many files are already waiting.</summary>
    public void End(PartFile part, PartEnd end)
    {
        lock (_gate)
        {
            StartOnce();
            while (_ending.Count >= MaxWaiting && !_abandoned && !_ended)
                Monitor.Wait(_gate);
            if (_current == part)
                _current = null;
            _ending.Enqueue((part, end));
            Monitor.PulseAll(_gate);
            ThrowIfFailed();
        }
    }

    /// <summary>Writer: waits until every file has ended, or the rest was abandoned.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
            while (_started && !_ended && !_abandoned)
                Monitor.Wait(_gate);
            ThrowIfFailed();
        }
    }

    /// <summary>Any thread: ends all waiting. Files that have not ended are closed and stay part files.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _retryTimer.Dispose();
    }

    private void StartOnce()
    {
        if (_started)
            return;
        OwnedThread.Start(_threadName, Work);
        // Set after the start: a thread that could not be started is not waited for.
        _started = true;
    }

    private void RetryNow()
    {
        lock (_gate)
        {
            _retryDue = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void SyncNow()
    {
        lock (_gate)
        {
            _syncDue = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        try
        {
            while (Next(out PartFile? part, out PartEnd? end))
                Do(part, end);
            _finisher.TryAgain();
            _finisher.CloseAll();
        }
        catch (Exception e)
        {
            _failure = e;
        }
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Do(PartFile? part, PartEnd? end)
    {
        bool waited = _finisher.HasWaiting;
        if (part is null)
            _finisher.TryAgain();
        else if (end is null)
            _finisher.Sync(part);
        else
            _finisher.End(part, end.Value);
        if (!_finisher.HasWaiting)
            _retries.Reset();
        else if (part is null || !waited)
            _retryTimer.Change(_retries.Next(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sleeps until there is something to do: a file to sync or to end, or a failed step to try again.</summary>
    /// <returns>False once there will be nothing more.</returns>
    private bool Next(out PartFile? part, out PartEnd? end)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_ending.TryDequeue(out (PartFile Part, PartEnd End) ending))
                {
                    (part, end) = (ending.Part, _abandoned && ending.End == PartEnd.Finish ? PartEnd.SetAside : ending.End);
                    Monitor.PulseAll(_gate);
                    return true;
                }
                (part, end) = (_current, null);
                if (_stopping || _abandoned && _current is null)
                    return false;
                if (_retryDue)
                {
                    _retryDue = false;
                    part = null;
                    return true;
                }

                if (_syncDue && part is not null)
                {
                    _syncDue = false;
                    return true;
                }
                _syncDue = false;
                Monitor.Wait(_gate);
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new InvalidOperationException($"The thread {_threadName} failed: {_failure.Message}", _failure);
    }
}
