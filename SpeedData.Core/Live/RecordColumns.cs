using System.Globalization;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Live;

/// <summary>Extracts the watched signals from records of one layout. One thread.</summary>
internal sealed class RecordColumns
{
    private const int Time = 0, TimeNs = 1;

    // A double cannot represent every larger integer.
    private const long LargestExact = 1L << 53;

    private readonly ColumnBatch _batch;
    private readonly ColumnProgram _program;
    private readonly Column[] _columns;
    private readonly LiveSignal[] _signals;
    private readonly bool[] _has;
    private int _rows;

    /// <param name="layout">The layout of the records.</param>
    /// <param name="time">The field of the device's time; null for none.</param>
    /// <param name="signals">The watched signals.</param>
    public RecordColumns(RecordLayout layout, TimeField? time, IReadOnlyList<LiveSignal> signals)
    {
        var specs = new List<ColumnSpec> { new("time", ColumnKind.Time, true), new("time_ns", ColumnKind.Int64, true) };
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        if (time is null)
            (wanted["\0time"], wanted["\0time_ns"]) = (Time, TimeNs);
        int[] places = new int[signals.Count];
        _has = new bool[signals.Count];
        Dictionary<string, ColumnKind> kinds = Signal.Of(layout).DistinctBy(signal => signal.Name).ToDictionary(signal => signal.Name, signal => signal.Kind, StringComparer.Ordinal);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = signals[i].Name == time?.Name ? TimeNs : specs.Count;
            // The channel's other schemas may lack the signal.
            _has[i] = places[i] == TimeNs || (kinds.TryGetValue(signals[i].Name, out ColumnKind kind) && signals[i].Takes(kind));
            if (places[i] == TimeNs)
                continue;
            wanted[_has[i] ? signals[i].Name : $"\0{specs.Count.ToString(CultureInfo.InvariantCulture)}"] = specs.Count;
            specs.Add(new ColumnSpec(signals[i].Name, signals[i].Kind, true));
        }

        Layout = layout;
        _signals = [.. signals];
        _batch = new ColumnBatch(specs);
        _program = ColumnProgram.Compile(layout, wanted, specs, time is null ? null : (time.Name, new TimeReader(Time, TimeNs, time.UnitNs)), cutsArrays: true);
        _columns = [.. places.Select(place => _batch.Columns[place])];
    }

    public RecordLayout Layout { get; }

    public int Rows => _rows;

    /// <summary>Reserves room for a number of records.</summary>
    public void Begin(int most)
    {
        _batch.Clear();
        _batch.Reserve(most);
        _program.Begin(_batch, most);
        _rows = 0;
    }

    /// <summary>Adds a record that was checked before.</summary>
    /// <param name="memory">The memory with the record; the same for all calls up to <see cref="End"/>.</param>
    /// <param name="at">Offset of the record in the memory.</param>
    public void Add(ReadOnlySpan<byte> memory, int at)
    {
        var bytes = new RecordBytes(memory) { Position = at };
        _program.Read(ref bytes, _rows++);
    }

    public void End(ReadOnlySpan<byte> memory) => _program.End(memory, _rows);

    /// <summary>Returns the device's time in ns; null for none.</summary>
    public long? DeviceTime(int row) => _batch.Columns[Time].IsNull(row) ? null : ((NumberColumn<long>)_batch.Columns[Time]).Values[row];

    /// <summary>Returns a number; NaN for null.</summary>
    public double Number(int signal, int row)
    {
        Column column = _columns[signal];
        if (column.IsNull(row))
            return double.NaN;
        return column switch
        {
            NumberColumn<double> doubles => doubles.Values[row],
            NumberColumn<float> floats => floats.Values[row],
            NumberColumn<int> ints => ints.Values[row],
            NumberColumn<long> longs => column == _batch.Columns[TimeNs] ? longs.Values[row] / _signals[signal].TimeUnitNs : longs.Values[row],
            _ => double.NaN,
        };
    }

    /// <summary>Returns an integer that a double cannot represent exactly; null for other values.</summary>
    public long? LargeInteger(int signal, int row) =>
        _columns[signal] is NumberColumn<long> longs && !longs.IsNull(row) && _columns[signal] != _batch.Columns[TimeNs] && longs.Values[row] is > LargestExact or < -LargestExact ? longs.Values[row] : null;

    /// <summary>Whether the records have the signal, even if its value is null.</summary>
    public bool Has(int signal) => _has[signal];

    public bool IsNull(int signal, int row) => _columns[signal].IsNull(row);

    /// <summary>Returns bytes that are equal exactly if two non-numeric values are equal.</summary>
    public ReadOnlySpan<byte> Bytes(int signal, int row) => _columns[signal] switch
    {
        NumberColumn<byte> booleans => booleans.Values.AsSpan(row, 1),
        BytesColumn bytes => bytes.Of(row),
        _ => [],
    };
}
