using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// The columns of a table: <c>time</c>, <c>time_ns</c>, <c>elapsed</c>, the signals, <c>received_time</c>, <c>source</c>,
/// <c>lost_before</c>. Several schemas are joined by signal name.
/// </summary>
public sealed class TableShape
{
    public const string TimeName = "time", TimeNsName = "time_ns", ElapsedName = "elapsed", ReceivedName = "received_time", SourceName = "source", LostName = "lost_before", CountName = "count", ChannelName = "channel";

    /// <summary>Prefix for a signal whose name is that of another column.</summary>
    public const string RenamedPrefix = "signal.";

    private static readonly string[] AlwaysThere = [TimeName, TimeNsName, ElapsedName, ReceivedName, SourceName, LostName];

    private const int MostCells = 4 << 20;

    private readonly Dictionary<string, int> _signals = new(StringComparer.Ordinal);

    private readonly bool _cutsArrays;

    internal TableShape(IReadOnlyList<MergedSignal> signals, bool hasTime, bool isTimeNullable, bool hasChannel, bool cutsArrays)
    {
        _cutsArrays = cutsArrays;
        var columns = new List<ColumnSpec>();
        if (hasChannel)
            columns.Add(new ColumnSpec(ChannelName, ColumnKind.Text, false));
        HasChannel = hasChannel;
        if (hasTime)
        {
            Time = columns.Count;
            columns.Add(new ColumnSpec(TimeName, ColumnKind.Time, isTimeNullable));
            columns.Add(new ColumnSpec(TimeNsName, ColumnKind.Int64, isTimeNullable, "ns"));
        }

        Elapsed = columns.Count;
        columns.Add(new ColumnSpec(ElapsedName, ColumnKind.Float64, true, "s"));
        FirstSignal = columns.Count;
        foreach (MergedSignal signal in signals)
            _signals.Add(signal.Name, columns.Count + _signals.Count);
        columns.AddRange(signals.Select(signal => signal.Spec(NameOf(signal.Name))));

        Received = columns.Count;
        columns.Add(new ColumnSpec(ReceivedName, ColumnKind.Time, true));
        columns.Add(new ColumnSpec(SourceName, ColumnKind.Text, true));
        columns.Add(new ColumnSpec(LostName, ColumnKind.Int64, true));
        Columns = columns;
        Renamed = [.. signals.Select(signal => signal.Name).Where(IsTaken)];
    }

    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>Signals whose column is named <c>signal.NAME</c>, because NAME is another column.</summary>
    public IReadOnlyList<string> Renamed { get; }

    private TableShape(TableShape records)
    {
        HasChannel = records.HasChannel;
        Time = records.Time;
        Elapsed = records.Elapsed;
        FirstSignal = records.FirstSignal;
        Renamed = records.Renamed;
        var columns = records.Columns.Take(records.FirstSignal).Select(column => column with { IsNullable = column.Name != ChannelName }).ToList();
        foreach (ColumnSpec signal in records.Signals.Where(signal => signal.IsNumeric))
        {
            columns.Add(signal with { Name = signal.Name + "_min", IsNullable = true });
            columns.Add(signal with { Name = signal.Name + "_max", IsNullable = true });
            columns.Add(new ColumnSpec(signal.Name + "_mean", ColumnKind.Float64, true, signal.Unit));
        }

        Received = columns.Count;
        columns.Add(new ColumnSpec(ReceivedName, ColumnKind.Time, true));
        columns.Add(new ColumnSpec(CountName, ColumnKind.Int64, false));
        Columns = columns;
    }

    private TableShape(IReadOnlyList<ColumnSpec> columns)
    {
        (Columns, Renamed) = (columns, []);
        (Time, Elapsed, FirstSignal, Received) = (0, 2, 3, columns.Count);
    }

    /// <summary>Creates the columns of a time grid, on which signals hold their last value.</summary>
    internal static TableShape OfGrid(IEnumerable<ColumnSpec> signals) => new([
        new ColumnSpec(TimeName, ColumnKind.Time, false),
        new ColumnSpec(TimeNsName, ColumnKind.Int64, false, "ns"),
        new ColumnSpec(ElapsedName, ColumnKind.Float64, false, "s"),
        .. signals.Select(signal => signal with { IsNullable = true }),
    ]);

    /// <summary>
    /// Creates the columns for rows that summarize many records: <c>NAME_min</c>, <c>NAME_max</c> and <c>NAME_mean</c> of each numeric
    /// signal, and <c>count</c>.
    /// </summary>
    public TableShape OfPoints() => new(this);

    /// <summary>Returns the rows of a batch: the wanted number, or fewer for very many columns, so that a batch stays small.</summary>
    internal int BatchRows(int wanted) => Math.Clamp(MostCells / Columns.Count, 1, wanted);

    /// <summary>The schema names of the numeric signals, in column order.</summary>
    internal IEnumerable<string> NumericSignals => _signals.OrderBy(pair => pair.Value).Where(pair => Columns[pair.Value].IsNumeric).Select(pair => pair.Key);

    /// <summary>The columns of signals.</summary>
    public IEnumerable<ColumnSpec> Signals => Columns.Skip(FirstSignal).Take(Received - FirstSignal);

    /// <summary>Returns the schema name of a column's signal; null if the column is not a signal.</summary>
    internal string? SignalOf(int column)
    {
        if (column < FirstSignal || column >= Received)
            return null;
        string name = Columns[column].Name;
        while (!_signals.ContainsKey(name) && name.StartsWith(RenamedPrefix, StringComparison.Ordinal))
            name = name[RenamedPrefix.Length..];
        return name;
    }

    /// <summary>Whether the first column contains the channel's name.</summary>
    public bool HasChannel { get; }

    /// <summary>Whether the table has <c>time</c> and <c>time_ns</c>.</summary>
    public bool HasTime => Time >= 0;

    /// <summary>Index of <c>time</c>, before <c>time_ns</c>; -1 without a time field.</summary>
    internal int Time { get; } = -1;

    internal int Elapsed { get; }

    internal int FirstSignal { get; }

    /// <summary>Index of <c>received_time</c>, before <c>source</c> and <c>lost_before</c>.</summary>
    internal int Received { get; }

    internal ColumnProgram ProgramFor(RecordLayout layout, TimeField? time)
    {
        var wanted = new Dictionary<string, int>(_signals, StringComparer.Ordinal);
        if (time is not null)
            wanted.Remove(time.Name);
        else if (HasTime)
            (wanted["\0time"], wanted["\0time_ns"]) = (Time, Time + 1);
        if (time is not null && _signals.TryGetValue(time.Name, out int other))
            wanted["\0" + time.Name] = other;
        return ColumnProgram.Compile(layout, wanted, Columns, time is null ? null : (time.Name, new TimeReader(Time, Time + 1, time.UnitNs)), _cutsArrays);
    }

    /// <summary>Whether every table has a column with this name that is not a signal.</summary>
    internal static bool IsAlwaysThere(string name) => AlwaysThere.Contains(name);

    /// <summary>Whether this is the name of a renamed signal's column.</summary>
    internal static bool IsColumnOf(string name, string signal) => IsAlwaysThere(signal) && name == RenamedPrefix + signal;

    private bool IsTaken(string signal) => IsAlwaysThere(signal) || (HasChannel && signal == ChannelName);

    /// <summary>Returns the name of a signal's column. Avoids the name of a field in a record named 'signal'.</summary>
    public string NameOf(string signal)
    {
        if (!IsTaken(signal))
            return signal;
        string name = RenamedPrefix + signal;
        while (_signals.ContainsKey(name))
            name = RenamedPrefix + name;
        return name;
    }
}
