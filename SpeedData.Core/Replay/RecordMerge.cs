using SpeedData.Core.Reading;

namespace SpeedData.Core.Replay;

/// <summary>Merges the records of several channels by time; records of the same time in channel order. One thread.</summary>
internal sealed class RecordMerge : IDisposable
{
    private readonly RecordFilter[] _channels;
    private readonly long[] _times;
    private readonly bool[] _hasRecord;

    public RecordMerge(IReadOnlyList<ChannelSelection> channels, CancellationToken stop)
    {
        _channels = [.. channels.Select(channel => new RecordFilter(channel, 1, stop))];
        _times = new long[_channels.Length];
        _hasRecord = new bool[_channels.Length];
        for (int i = 0; i < _channels.Length; i++)
            Next(i);
    }

    public long Damaged => _channels.Sum(channel => channel.Damaged);

    /// <summary>Fills a batch with the next records.</summary>
    /// <returns>False if there are no more records.</returns>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool Fill(ReplayBatch batch)
    {
        batch.Clear();
        for (int channel = Earliest(); channel >= 0; channel = Earliest())
        {
            RecordFilter records = _channels[channel];
            if (!batch.TryAdd(channel, records.Record, _times[channel], records.Layout))
                return true;
            Next(channel);
        }

        return batch.Count > 0;
    }

    public void Dispose()
    {
        foreach (RecordFilter channel in _channels)
            channel.Dispose();
    }

    private int Earliest()
    {
        int earliest = -1;
        for (int i = 0; i < _channels.Length; i++)
        {
            if (_hasRecord[i] && (earliest < 0 || _times[i] < _times[earliest]))
                earliest = i;
        }

        return earliest;
    }

    // A record without a time, or with an earlier time than the record before it, directly follows that record.
    private void Next(int channel)
    {
        _hasRecord[channel] = _channels[channel].MoveNext();
        if (_hasRecord[channel] && _channels[channel].TimeNs is { } time)
            _times[channel] = Math.Max(time, _times[channel]);
    }
}
