using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading;

/// <summary>
/// Fills the columns that are not signals: <c>elapsed</c>, <c>received_time</c>, <c>source</c>, <c>lost_before</c>. Elapsed seconds follow
/// the device's clock and count from the start of the range, or from the first record if the range has no start. One thread.
/// </summary>
internal sealed class RowExtras(TableShape shape, string channel, TimeRange range)
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(channel);
    private BytesColumn? _channel;
    private NumberColumn<double> _elapsed = null!;
    private NumberColumn<long>? _device;
    private NumberColumn<long> _received = null!;
    private BytesColumn _source = null!;
    private NumberColumn<long> _lost = null!;
    private long? _zeroDeviceNs;
    private long? _zeroReceivedNs;

    public void Begin(ColumnBatch batch)
    {
        _elapsed = (NumberColumn<double>)batch.Columns[shape.Elapsed];
        _device = shape.HasTime ? (NumberColumn<long>)batch.Columns[shape.Time + 1] : null;
        _channel = shape.HasChannel ? (BytesColumn)batch.Columns[0] : null;
        _received = (NumberColumn<long>)batch.Columns[shape.Received];
        _source = (BytesColumn)batch.Columns[shape.Received + 1];
        _lost = (NumberColumn<long>)batch.Columns[shape.Received + 2];
    }

    /// <param name="row">A row whose signals and time are filled already.</param>
    /// <param name="receipts">The receipts, positioned at the row's record.</param>
    /// <param name="lost">Losses before skipped records since the previous row.</param>
    public void Fill(int row, Receipts receipts, long lost)
    {
        _channel?.Set(row, _name);
        Fill(_received, row, receipts.ReceivedNs);
        Fill(_lost, row, receipts.LostBefore + lost);
        if (receipts.Source is { } source)
            _source.Set(row, source);
        else
            _source.SetNull(row);
        long? device = _device is null || _device.IsNull(row) ? null : _device.Values[row];
        if (Elapsed(device, receipts.ReceivedNs) is { } ns)
            _elapsed.Set(row, ns / 1e9);
        else
            _elapsed.SetNull(row);
    }

    private long? Elapsed(long? device, long? received)
    {
        if (device is not { } now)
            return received is null ? null : unchecked(received - (_zeroReceivedNs ??= range.Clock == RangeClock.Received ? range.FromNs ?? received : received));
        if (_zeroDeviceNs is null)
        {
            long before = range.FromNs is not { } from ? 0 : range.Clock == RangeClock.Device ? now - from : received is { } came ? came - from : 0;
            _zeroDeviceNs = unchecked(now - before);
        }

        return unchecked(now - _zeroDeviceNs);
    }

    private static void Fill(NumberColumn<long> column, int row, long? value)
    {
        if (value is { } known)
            column.Set(row, known);
        else
            column.SetNull(row);
    }
}
