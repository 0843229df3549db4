using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate;

/// <summary>
/// Reduces many datagrams to few: a tumbling window of accepted datagrams becomes one record of the same schema, or two. Runs on the
/// receive thread; allocates no managed memory. Each life of a channel has its own, so no window spans a restart.
/// </summary>
public sealed class Decimator : IDisposable
{
    private readonly IReducer _reducer;
    private readonly int _size;
    private readonly TimeSpan _maxWindow;
    private readonly long _maxWindowNs;
    private readonly TimeProvider _time;
    private int _inWindow;
    private long _openedNs;
    private bool _isTimed;
    private long _timedFrom;
    private long _windowRecords;

    /// <param name="scan">The check that finds the marks for the reducer.</param>
    /// <param name="reducer">Computes a window's result. This decimator owns it from now on.</param>
    /// <param name="size">The number of records in a full window, at least 1.</param>
    /// <param name="maxWindow">The longest time that a window may be open; null for no limit.</param>
    /// <param name="time">The clock that is used while nothing arrives.</param>
    internal Decimator(RecordScan scan, IReducer reducer, int size, TimeSpan? maxWindow, TimeProvider time)
    {
        Scan = scan;
        _reducer = reducer;
        _size = size;
        _maxWindow = maxWindow ?? Timeout.InfiniteTimeSpan;
        _maxWindowNs = maxWindow is { } span ? span.Ticks * TimeSpan.NanosecondsPerTick : long.MaxValue;
        _time = time;
    }

    /// <summary>The check whose marks <see cref="Add"/> needs.</summary>
    public RecordScan Scan { get; }

    /// <summary>Whether the window has been open for its longest time.</summary>
    public bool IsDue => TimeLeft() == TimeSpan.Zero;

    /// <summary>The time of arrival at which the open window ends; null if no window is open, or it may be open forever.</summary>
    public long? OpenUntilNs => _inWindow == 0 || _maxWindowNs == long.MaxValue ? null : _openedNs + _maxWindowNs;

    /// <summary>Adds valid records. If their time of arrival is after the end of the open window, closes that window first.</summary>
    public void Add(in RecordRun run)
    {
        if (_inWindow > 0 && run.ReceiveTimeNs - _openedNs >= _maxWindowNs)
            Close();
        int count = run.Count;
        for (int taken = 0; taken < count;)
        {
            if (_inWindow == 0)
                _openedNs = run.ReceiveTimeNs;
            int next = Math.Min(count - taken, _size - _inWindow);
            _reducer.Add(in run, taken, next);
            taken += next;
            _inWindow += next;
            if (_inWindow == _size)
                Close();
        }
    }

    /// <summary>Closes the window, if it holds any records.</summary>
    public void Close()
    {
        if (_inWindow == 0)
            return;
        int records = _inWindow;
        _inWindow = 0;
        _isTimed = false;
        // Counted before the hand-over: even if that fails, the window is closed.
        _windowRecords += _reducer.RecordsPerWindow;
        _reducer.Emit(records);
    }

    /// <summary>Keeps what must outlive the batch: the sink was flushed, and the memory of the records is about to be reused.</summary>
    public void EndBatch() => _reducer.EndBatch(_inWindow > 0);

    /// <summary>Returns the number of records in the windows that were closed since the last call.</summary>
    public long TakeWindowRecords()
    {
        long records = _windowRecords;
        _windowRecords = 0;
        return records;
    }

    /// <summary>Returns how long the open window may stay open; infinite if none is open or there is no limit.</summary>
    public TimeSpan TimeLeft()
    {
        if (_inWindow == 0 || _maxWindow == Timeout.InfiniteTimeSpan)
            return Timeout.InfiniteTimeSpan;
        // The clock is read once for a window that is still open after its batch, but not for windows that open and close within
        // the batch.
        if (!_isTimed)
        {
            _isTimed = true;
            _timedFrom = _time.GetTimestamp();
        }

        TimeSpan left = _maxWindow - _time.GetElapsedTime(_timedFrom);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Dispose() => _reducer.Dispose();
}
