namespace SpeedData.Core.Reading;

/// <summary>Reads the encoded records of a channel in a range, one by one. One thread.</summary>
internal sealed class RecordFilter : IDisposable
{
    private readonly RecordTracks _tracks;
    private readonly long _every;
    private RecordTrack _track = null!;
    private long _seen;
    private int _at;
    private int _length;

    public RecordFilter(ChannelSelection channel, long every, CancellationToken stop)
    {
        _tracks = new RecordTracks(channel, stop);
        _every = every;
    }

    /// <summary>The current record. Valid until the next move.</summary>
    public ReadOnlySpan<byte> Record => _track.Blocks.Data.Slice(_at, _length);

    /// <summary>Time of receipt, estimated if it was not kept; the record's own time if the file has no receive times.</summary>
    public long? TimeNs => _track.TimeNs(_track.Blocks.Taken - 1, Record);

    /// <summary>The layout of the record.</summary>
    public Schema.RecordLayout Layout => _track.Blocks.File.Layout!;

    public long BytesDone => _tracks.BytesDone;

    public long Damaged => _tracks.Damaged;

    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool MoveNext()
    {
        while (_tracks.MoveNext() is { } track)
        {
            _track = track;
            BlockStream blocks = track.Blocks;
            long record = blocks.Taken;
            _at = blocks.Position;
            blocks.File.Layout!.Measure(blocks.Data[_at..], out _length);
            blocks.Pass(1, _at + _length);
            if (track.Test.Holds(record, blocks.Data[_at..]) && _seen++ % _every == 0)
                return true;
        }

        return false;
    }

    public void Dispose() => _tracks.Dispose();
}
