using System.Runtime.InteropServices;
using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Core.Live;

/// <summary>Receives a complete row.</summary>
internal delegate void RowTaker(ReadOnlySpan<double> row);

/// <summary>
/// Groups the records of a channel into time buckets and creates a row from each bucket: minimum, maximum, exact mean, last value and count
/// of some signals. Native memory. One thread.
/// </summary>
internal sealed unsafe class SignalBuckets : IDisposable
{
    // A record may arrive a little after the end of its bucket.
    private const long GraceNs = 20_000_000;

    // Capacity of the exact means.
    private const int MostRecords = 2_000_000;

    private readonly int[] _signals;
    private readonly long _widthNs;
    private readonly bool _byDevice;
    private readonly RowTaker _taker;
    private readonly FloatingAccumulator[] _reducers;
    private readonly double* _values;
    private readonly double** _rows;
    private readonly double[] _results, _row, _last;
    private readonly int[] _counts;
    private int _gathered, _records;
    private long _bucket, _openedNs, _receivedNs;
    private long? _deviceNs;
    private Losses _losses;

    /// <param name="signals">Indexes of the signals.</param>
    /// <param name="widthNs">Width of a bucket.</param>
    /// <param name="byDevice">Whether buckets follow the device's clock, if records have a device time.</param>
    /// <param name="taker">Receives each row.</param>
    public SignalBuckets(int[] signals, long widthNs, bool byDevice, RowTaker taker)
    {
        (_signals, _widthNs, _byDevice, _taker) = (signals, widthNs, byDevice, taker);
        int fields = Math.Max(1, signals.Length);
        _reducers = [new FloatingExtreme<Smaller>(fields), new FloatingExtreme<Larger>(fields), new FloatingMeans(fields)];
        _values = (double*)NativeMemory.AllocZeroed((nuint)(fields * FloatingAccumulator.MostRows), sizeof(double));
        _rows = (double**)NativeMemory.Alloc(FloatingAccumulator.MostRows, (nuint)sizeof(double*));
        for (int i = 0; i < FloatingAccumulator.MostRows; i++)
            _rows[i] = _values + (i * fields);
        _results = new double[fields];
        _counts = new int[fields];
        _last = [.. Enumerable.Repeat(double.NaN, fields)];
        _row = new double[RowCells.Of(signals.Length)];
    }

    /// <summary>Replaces the indexes of the signals.</summary>
    public void Renumber(int[] signals) => signals.CopyTo(_signals, 0);

    public void Add(RecordColumns columns, int row, long receivedNs)
    {
        long? device = columns.DeviceTime(row);
        long bucket = Floor(_byDevice ? device ?? receivedNs : receivedNs);
        // By time of receipt, a late record is added to the open bucket.
        if (_records > 0 && (_byDevice ? bucket != _bucket : bucket > _bucket))
            Close();
        if (_records == 0)
            (_bucket, _openedNs) = (bucket, receivedNs);
        (_receivedNs, _deviceNs) = (receivedNs, device);
        Gather(columns, row);
        if (++_records == MostRecords)
            Close();
    }

    /// <summary>Closes the bucket if no more records can belong to it.</summary>
    public void Tick(long nowNs)
    {
        long end = (_byDevice ? _openedNs : _bucket * _widthNs) + _widthNs + GraceNs;
        if (_records > 0 && nowNs >= end)
            Close();
        else if (_records == 0 && _losses.Any)
            EmitLosses(nowNs);
    }

    public void Lose(Losses losses) => _losses += losses;

    public void Dispose()
    {
        foreach (FloatingAccumulator reducer in _reducers)
            reducer.Dispose();
        NativeMemory.Free(_values);
        NativeMemory.Free(_rows);
    }

    private long Floor(long ns) => ns >= 0 ? ns / _widthNs : ((ns + 1) / _widthNs) - 1;

    private void Gather(RecordColumns columns, int row)
    {
        double* values = _rows[_gathered];
        for (int i = 0; i < _signals.Length; i++)
        {
            double value = columns.Number(_signals[i], row);
            values[i] = value;
            // A record of a schema without the signal does not change the last value.
            if (columns.Has(_signals[i]))
                _last[i] = value;
            if (!double.IsNaN(value))
                _counts[i]++;
        }

        if (++_gathered == FloatingAccumulator.MostRows)
            Reduce();
    }

    private void Reduce()
    {
        if (_gathered == 0)
            return;
        foreach (FloatingAccumulator reducer in _reducers)
            reducer.Add(_rows, _gathered);
        _gathered = 0;
    }

    private void Close()
    {
        Reduce();
        WriteHead(_bucket, RowCells.Milliseconds(_receivedNs), _deviceNs is { } device ? RowCells.Milliseconds(device) : double.NaN);
        for (int i = 0; i < _reducers.Length; i++)
            WriteResults(i);
        for (int i = 0; i < _signals.Length; i++)
        {
            int at = RowCells.Head + (RowCells.PerSignal * i);
            _row[at + RowCells.Last] = _last[i];
            _row[at + RowCells.Values] = _counts[i];
        }

        Array.Clear(_counts);
        _records = 0;
        _taker(_row);
    }

    private void WriteResults(int reducer)
    {
        fixed (double* results = _results)
            _reducers[reducer].Write(results, _records);
        _reducers[reducer].Reset();
        for (int i = 0; i < _signals.Length; i++)
            _row[RowCells.Head + (RowCells.PerSignal * i) + reducer] = _results[i];
    }

    private void EmitLosses(long nowNs)
    {
        WriteHead(Floor(nowNs), double.NaN, double.NaN);
        for (int i = RowCells.Head; i < _row.Length; i++)
            _row[i] = i % RowCells.PerSignal == (RowCells.Head + RowCells.Values) % RowCells.PerSignal ? 0 : double.NaN;
        _taker(_row);
    }

    private void WriteHead(long bucket, double received, double device)
    {
        _row[RowCells.Start] = RowCells.Milliseconds(bucket * _widthNs);
        _row[RowCells.Received] = received;
        _row[RowCells.Device] = device;
        _row[RowCells.Count] = _records;
        _row[RowCells.Kernel] = _losses.Kernel;
        _row[RowCells.Recording] = _losses.Recording;
        _row[RowCells.Refused] = _losses.Refused;
        _row[RowCells.Tap] = _losses.Tap;
        _losses = default;
    }
}
