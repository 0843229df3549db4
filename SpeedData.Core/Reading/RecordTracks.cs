namespace SpeedData.Core.Reading;

/// <summary>
/// Reads the records of a channel in the order of receipt. The files of different schemas of a channel cover the same time, so their
/// records are merged. One thread.
/// </summary>
internal sealed class RecordTracks : IDisposable
{
    private readonly RecordTrack[] _tracks;
    private readonly bool[] _hasNext;
    private int _current = -1;

    public RecordTracks(ChannelSelection channel, CancellationToken stop)
    {
        _tracks = [.. channel.Tracks().Select(track => new RecordTrack(track, stop))];
        _hasNext = new bool[_tracks.Length];
    }

    /// <summary>Whether records of several tracks are merged.</summary>
    public bool IsMerged => _tracks.Length > 1;

    public long BytesDone => _tracks.Sum(track => track.Blocks.BytesDone);

    public long Damaged => _tracks.Sum(track => track.Blocks.Damaged);

    /// <summary>Moves to the track whose next record was received first.</summary>
    /// <returns>Null if there are no more records.</returns>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public RecordTrack? MoveNext()
    {
        if (_current < 0)
        {
            for (int i = 0; i < _tracks.Length; i++)
                _hasNext[i] = _tracks[i].MoveNext();
        }
        else
        {
            _hasNext[_current] = _tracks[_current].MoveNext();
        }

        return (_current = Earliest()) < 0 ? End() : _tracks[_current];
    }

    public void Dispose()
    {
        foreach (RecordTrack track in _tracks)
            track.Dispose();
    }

    private RecordTrack? End()
    {
        _current = 0;
        return null;
    }

    private int Earliest()
    {
        if (!IsMerged)
            return _hasNext[0] ? 0 : -1;
        int earliest = -1;
        long least = long.MaxValue;
        for (int i = 0; i < _tracks.Length; i++)
        {
            if (!_hasNext[i] || (earliest >= 0 && _tracks[i].NextNs >= least))
                continue;
            (earliest, least) = (i, _tracks[i].NextNs);
        }

        return earliest;
    }
}
