using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Align;

/// <summary>
/// Reads channels on one time grid, with a row per period. In a row, every signal has its latest value at that time, or null before its
/// first value. The grid times are whole multiples of the period. One thread.
/// </summary>
public sealed class AlignedTable : IDisposable
{
    private const int BatchRows = 4 << 10;
    private const long MostBytes = 4 << 20;

    private readonly HeldRows[] _channels;
    private readonly (int Channel, int Column)[] _signals;
    private readonly long _periodNs;
    private readonly long? _toNs;
    private long _nowNs;
    private readonly long _beginNs;

    /// <param name="channels">The channels to read.</param>
    /// <param name="choice">The signals to read.</param>
    /// <param name="periodNs">The time between rows.</param>
    /// <param name="stop">Cancels the reading.</param>
    public AlignedTable(IReadOnlyList<ChannelSelection> channels, FieldChoice choice, long periodNs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channels);
        TableShape[] shapes = [.. channels.Select(channel => ChannelSelection.Shape([channel], choice))];
        _signals = [.. shapes.SelectMany((shape, i) => Enumerable.Range(shape.FirstSignal, shape.Received - shape.FirstSignal).Select(column => (i, column)))];
        DemandNames(channels, shapes);
        Shape = TableShape.OfGrid(_signals.Select(signal => Named(channels, signal.Channel, shapes[signal.Channel].Columns[signal.Column])));
        _channels = [.. channels.Select((channel, i) => new HeldRows(channel, shapes[i], stop))];
        (_periodNs, _toNs) = (periodNs, channels[0].Range.ToNs);
        long[] firsts = [.. _channels.Where(channel => channel.HasNext).Select(channel => channel.NextNs)];
        _beginNs = channels[0].Range.FromNs ?? (firsts.Length == 0 ? 0 : firsts.Min());
        _nowNs = (long)Math.Ceiling((decimal)_beginNs / periodNs) * periodNs;
    }

    public TableShape Shape { get; }

    public long BytesDone => _channels.Sum(channel => channel.BytesDone);

    public long Damaged => _channels.Sum(channel => channel.Damaged);

    /// <returns>False if there are no more rows.</returns>
    public bool Fill(ColumnBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        int most = Shape.BatchRows(BatchRows);
        batch.Reserve(most);
        int row = 0;
        for (; row < most && batch.CountedBytes < MostBytes && Array.Exists(_channels, channel => channel.HasNext) && !(_nowNs >= _toNs); row++, _nowNs += _periodNs)
            Write(batch, row);
        batch.Add(row);
        return row > 0;
    }

    public void Dispose()
    {
        foreach (HeldRows channel in _channels)
            channel.Dispose();
    }

    private void Write(ColumnBatch batch, int row)
    {
        foreach (HeldRows channel in _channels)
            channel.MoveTo(_nowNs);
        ((NumberColumn<long>)batch.Columns[0]).Set(row, _nowNs);
        ((NumberColumn<long>)batch.Columns[1]).Set(row, _nowNs);
        ((NumberColumn<double>)batch.Columns[2]).Set(row, (_nowNs - _beginNs) / 1e9);
        for (int i = 0; i < _signals.Length; i++)
        {
            Column column = batch.Columns[3 + i];
            if (_channels[_signals[i].Channel].Held is { } held)
                column.Copy(row, held.Batch.Columns[_signals[i].Column], held.Row);
            else
                column.SetNull(row);
        }
    }

    // For example channel 'a' with the field 'b.c', and channel 'a.b' with the field 'c'.
    private void DemandNames(IReadOnlyList<ChannelSelection> channels, TableShape[] shapes)
    {
        var owners = new Dictionary<string, (string Channel, string Signal)>(StringComparer.Ordinal);
        foreach ((int channel, int column) in _signals)
        {
            ColumnSpec signal = shapes[channel].Columns[column];
            (string Channel, string Signal) owner = (channels[channel].Name, signal.Name);
            string name = Named(channels, channel, signal).Name;
            if (!owners.TryAdd(name, owner))
                throw new ReadingException($"--align: '{owners[name].Signal}' of channel '{owners[name].Channel}' and '{owner.Signal}' of channel '{owner.Channel}' would both be the column '{name}'; leave one out with --fields, or align the channels one by one");
        }
    }

    private static ColumnSpec Named(IReadOnlyList<ChannelSelection> channels, int channel, ColumnSpec signal) =>
        channels.Count == 1 ? signal : signal with { Name = $"{channels[channel].Name}.{signal.Name}" };
}
