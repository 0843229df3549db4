using SpeedData.Core.Channels;
using SpeedData.Core.Reading;
using SpeedData.Core.Schema;
using SpeedData.Core.Tap;

namespace SpeedData.Core.Live;

/// <summary>Empties the tap of a watched channel and gives each watcher what it requested. The lock of the watch must be held.</summary>
internal sealed class WatchedChannel : IDisposable
{
    // Keeps the columns of a round small.
    private const int MostRows = 1_024;

    private readonly TimeProvider _time;
    private readonly TapRing _ring;
    private readonly long _lostAtStart;
    private readonly List<LiveTable> _tables = [];
    private readonly List<IRecordListener> _listeners = [];
    private readonly Dictionary<string, (SignalBuckets Buckets, List<LiveTable> Tables)> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChangeTracker> _trackers = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordLayout, RecordColumns> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly long[] _received = new long[MostRows];
    private IReadOnlyList<LiveSignal> _signals = [];
    private List<(ChangeTracker Tracker, int Number, LiveTable[] Tables)> _tracked = [];
    private readonly Dictionary<RecordLayout, WindowRecords> _windows = new(ReferenceEqualityComparer.Instance);
    private Losses? _losses;

    public WatchedChannel(Channel channel, int capacity, TimeProvider time)
    {
        (Channel, _time) = (channel, time);
        _ring = channel.Tap.Begin(capacity);
        _lostAtStart = _ring.Lost;
    }

    public Channel Channel { get; }

    public bool IsWatched => _tables.Count > 0 || _listeners.Count > 0;

    /// <summary>Number of datagrams that the tap lost.</summary>
    public long TapLost => _ring.Lost - _lostAtStart;

    /// <summary>Device time minus time of receipt of the latest record in ns; null without a device time.</summary>
    public long? DeviceOffsetNs { get; private set; }

    public void Add(LiveTable table)
    {
        _tables.Add(table);
        if (_buckets.TryGetValue(table.Key, out (SignalBuckets Buckets, List<LiveTable> Tables) known))
        {
            known.Tables.Add(table);
        }
        else
        {
            var tables = new List<LiveTable> { table };
            var buckets = new SignalBuckets(new int[table.Numbers.Count], table.WidthMs * 1_000_000L, table.ByDevice, row => Deliver(row, tables));
            _buckets.Add(table.Key, (buckets, tables));
        }

        foreach (LiveSignal signal in table.Changes.Where(signal => _trackers.ContainsKey(signal.Name)))
        {
            if (_trackers[signal.Name].Latest is { } latest)
                table.Waiting.Add(latest);
        }

        Recompile();
    }

    public void Remove(LiveTable table)
    {
        if (!_tables.Remove(table))
            return;
        (SignalBuckets buckets, List<LiveTable> tables) = _buckets[table.Key];
        tables.Remove(table);
        if (tables.Count == 0)
        {
            _buckets.Remove(table.Key);
            buckets.Dispose();
        }

        Recompile();
    }

    public void Add(IRecordListener listener) => _listeners.Add(listener);

    public void Remove(IRecordListener listener) => _listeners.Remove(listener);

    /// <summary>Reads everything that the tap contains.</summary>
    public void Drain()
    {
        foreach ((ChangeTracker tracker, _, _) in _tracked)
            tracker.BeginRound();
        for (long end = _ring.End, at = _ring.First; at < end; at = _ring.First)
            DrainSome(at, end);
        long now = NowNs();
        foreach ((SignalBuckets buckets, _) in _buckets.Values)
            buckets.Tick(now);
        foreach ((ChangeTracker tracker, _, LiveTable[] tables) in _tracked.Where(tracked => tracked.Tracker.Skipped > 0))
        {
            foreach (LiveTable table in tables)
                table.Waiting.Skip(tracker.Skipped);
        }
    }

    /// <summary>Counts the losses since the last call and reports them.</summary>
    public void CountLosses()
    {
        Losses now = Losses.Of(Channel.Counters.Snapshot(), TapLost);
        Losses since = now - (_losses ?? now);
        _losses = now;
        if (!since.Any)
            return;
        foreach ((SignalBuckets buckets, _) in _buckets.Values)
            buckets.Lose(since);
        for (int i = 0; i < _listeners.Count && since.Tap > 0; i++)
            _listeners[i].Lose(since.Tap);
    }

    public void Dispose()
    {
        Channel.Tap.End();
        foreach ((SignalBuckets buckets, _) in _buckets.Values)
            buckets.Dispose();
        foreach (WindowRecords windows in _windows.Values)
            windows.Dispose();
    }

    private static void Deliver(ReadOnlySpan<double> row, List<LiveTable> tables)
    {
        foreach (LiveTable table in tables)
            table.Rows.Add(row);
    }

    private void DrainSome(long from, long end)
    {
        RecordLayout layout = _ring[from].Layout;
        long to = from;
        int rows = 0;
        // A burst is read whole, even if it has thousands of small records.
        for (; to < end && _ring[to].Layout == layout && (rows == 0 || rows + _ring[to].Count <= MostRows); to++)
            rows += _ring[to].Count;
        try
        {
            if (_tables.Count > 0)
                Look(ColumnsFor(layout), from, to, rows);
            if (_listeners.Count > 0)
                Tell(layout, from, to);
        }
        finally
        {
            // Releases the records even after an error, so that the next round gets other records.
            _ring.Release(to);
        }
    }

    private void Look(RecordColumns columns, long from, long to, int rows)
    {
        long[] received = rows <= MostRows ? _received : new long[rows];
        ReadOnlySpan<byte> memory = _ring.Memory;
        columns.Begin(rows);
        for (long at = from; at < to; at++)
        {
            ref readonly TapBurst burst = ref _ring[at];
            for (int i = 0; i < burst.Count; i++)
            {
                received[columns.Rows] = burst.ReceiveTimeNs;
                columns.Add(memory, burst.Offset + (i * burst.SegmentSize));
            }
        }

        columns.End(memory);
        foreach ((SignalBuckets buckets, _) in _buckets.Values)
        {
            for (int row = 0; row < rows; row++)
                buckets.Add(columns, row, received[row]);
        }

        foreach ((ChangeTracker tracker, int number, LiveTable[] tables) in _tracked)
        {
            for (int row = 0; row < rows; row++)
                Deliver(tracker.Look(columns, number, row, row == rows - 1, received[row]), tables);
        }

        if (columns.DeviceTime(rows - 1) is { } device)
            DeviceOffsetNs = device - received[rows - 1];
    }

    private static void Deliver(Change? change, LiveTable[] tables)
    {
        if (change is null)
            return;
        foreach (LiveTable table in tables)
            table.Waiting.Add(change);
    }

    private void Tell(RecordLayout layout, long from, long to)
    {
        bool decimates = _listeners.Exists(listener => listener.WantsDecimated);
        WindowRecords? windows = decimates ? WindowsFor(layout) : null;
        for (long at = from; at < to; at++)
        {
            ref readonly TapBurst burst = ref _ring[at];
            for (int i = 0; i < burst.Count; i++)
            {
                ReadOnlySpan<byte> record = _ring.RecordOf(in burst, i);
                windows?.Add(record, burst.ReceiveTimeNs);
                for (int listener = 0; listener < _listeners.Count; listener++)
                {
                    if (!_listeners[listener].WantsDecimated)
                        _listeners[listener].Take(record, layout, burst.ReceiveTimeNs);
                }
            }
        }

        windows?.EndBatch();
    }

    private WindowRecords WindowsFor(RecordLayout layout)
    {
        if (_windows.TryGetValue(layout, out WindowRecords? windows) && ReferenceEquals(windows.Options, Channel.Options))
            return windows;
        // The channel was changed, so the old windows no longer apply.
        foreach ((RecordLayout before, WindowRecords ended) in _windows.Where(pair => !ReferenceEquals(pair.Value.Options, Channel.Options)).ToArray())
        {
            _windows.Remove(before);
            ended.Dispose();
        }

        _windows.Add(layout, windows = new WindowRecords(Channel.Options, layout, _listeners, _time));
        return windows;
    }

    private RecordColumns ColumnsFor(RecordLayout layout)
    {
        if (!_columns.TryGetValue(layout, out RecordColumns? columns))
            _columns.Add(layout, columns = new RecordColumns(layout, TimeField.Find(layout, Channel.Options.Time.Field, Channel.Options.Time.UnitNs), _signals));
        return columns;
    }

    /// <summary>Applies a changed set of watched signals.</summary>
    private void Recompile()
    {
        _signals = [.. _tables.SelectMany(table => table.Numbers.Concat(table.Changes)).DistinctBy(signal => signal.Name)];
        _columns.Clear();
        var numbers = _signals.Select((signal, number) => (signal.Name, number)).ToDictionary(pair => pair.Name, pair => pair.number, StringComparer.Ordinal);
        foreach ((SignalBuckets buckets, List<LiveTable> tables) in _buckets.Values)
            buckets.Renumber([.. tables[0].Numbers.Select(signal => numbers[signal.Name])]);
        foreach (string name in _trackers.Keys.Where(name => !numbers.ContainsKey(name)).ToArray())
            _trackers.Remove(name);
        _tracked = [.. _signals.Where(signal => !signal.IsNumber || signal.Kind == Reading.Columns.ColumnKind.Int64).Select(Track)];

        (ChangeTracker, int, LiveTable[]) Track(LiveSignal signal)
        {
            if (!_trackers.TryGetValue(signal.Name, out ChangeTracker? tracker) || tracker.Signal != signal)
                _trackers[signal.Name] = tracker = new ChangeTracker(signal);
            return (tracker, numbers[signal.Name], [.. _tables.Where(table => table.Numbers.Concat(table.Changes).Any(other => other.Name == signal.Name))]);
        }
    }

    private long NowNs() => TimeText.NsOf(_time.GetUtcNow());
}
