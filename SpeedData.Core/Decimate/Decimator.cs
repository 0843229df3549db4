using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate;

/// <summary>
/// Turns many datagrams into few: a tumbling window of accepted datagrams becomes one record of the same schema, or two. Runs
/// on the receive thread; allocates no managed memory. Each life of a channel has its own, so no window spans a restart.
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

    /// <param name="scan">The check whose marks the reducer wants.</param>
    /// <param name="reducer">Computes a window's result; owned from now on.</param>
    /// <param name="size">Records of a full window, at least 1.</param>
    /// <param name="maxWindow">How long a window may be open; null: without limit.</param>
    /// <param name="time">The clock while nothing arrives.</param>
    internal Decimator(RecordScan scan, IReducer reducer, int size, TimeSpan? maxWindow, TimeProvider time)
    {
        Scan = scan;
        _reducer = reducer;
        _size = size;
        _maxWindow = maxWindow ?? Timeout.InfiniteTimeSpan;
        _maxWindowNs = maxWindow is { } span ? span.Ticks * TimeSpan.NanosecondsPerTick : long.MaxValue;
        _time = time;
    }

    /// <summary>The check whose marks <see cref="Add"/> wants.</summary>
    public RecordScan Scan { get; }

    /// <summary>Whether the window has been open for as long as it may.</summary>
    public bool IsDue => TimeLeft() == TimeSpan.Zero;

    /// <summary>The time of arrival at which the open window is as old as it may be; null where there is none, or it may be open for ever.</summary>
    public long? OpenUntilNs => _inWindow == 0 || _maxWindowNs == long.MaxValue ? null : _openedNs + _maxWindowNs;

    /// <summary>Takes valid records. A window that is too old by their time of arrival is closed without them.</summary>
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

    /// <summary>Closes the window with what it has, if it has anything.</summary>
    public void Close()
    {
        if (_inWindow == 0)
            return;
        int records = _inWindow;
        _inWindow = 0;
        _isTimed = false;
        // Before they are handed over: if that fails, the window was closed all the same.
        _windowRecords += _reducer.RecordsPerWindow;
        _reducer.Emit(records);
    }

    /// <summary>The sink was flushed, and the memory of the records is about to be used again.</summary>
    public void EndBatch() => _reducer.EndBatch(_inWindow > 0);

    /// <summary>Records of the windows that were closed since the last call.</summary>
    public long TakeWindowRecords()
    {
        long records = _windowRecords;
        _windowRecords = 0;
        return records;
    }

    /// <summary>How long the open window may stay open; infinite if there is none, or no limit.</summary>
    public TimeSpan TimeLeft()
    {
        if (_inWindow == 0 || _maxWindow == Timeout.InfiniteTimeSpan)
            return Timeout.InfiniteTimeSpan;
        // The clock is read once for a window that is still open after its batch, not for each that opens and closes in the
        // batch.
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
