using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading;

/// <summary>Reads channels one after the other. One thread.</summary>
public sealed class ChannelSequence(IReadOnlyList<ChannelSelection> channels, TableShape shape, long every, int batchRows, CancellationToken stop) : IDisposable
{
    private RecordReader? _reader;
    private int _next;
    private long _doneBefore;
    private long _damagedBefore;

    public long BytesDone => _doneBefore + (_reader?.BytesDone ?? 0);

    public long Damaged => _damagedBefore + (_reader?.Damaged ?? 0);

    /// <returns>False if there are no more rows.</returns>
    public bool Fill(ColumnBatch batch)
    {
        while (_reader?.Fill(batch) is not true)
        {
            Close();
            if (_next == channels.Count)
                return false;
            _reader = new RecordReader(channels[_next++], shape, every, batchRows, stop);
        }

        return true;
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (_reader is null)
            return;
        _doneBefore += _reader.BytesDone;
        _damagedBefore += _reader.Damaged;
        _reader.Dispose();
        _reader = null;
    }
}
