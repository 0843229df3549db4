using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading;

/// <summary>
/// Reads the blocks of a file in order, up to the last intact one. Skips blocks outside the range by their index entries, without reading
/// them. Counts damaged parts and skips them. One thread.
/// </summary>
internal sealed class FileBlocks : IDisposable
{
    // A device's clock may step back a little within a block, but only the times of the block's first and last record are known.
    private const long DeviceSlackNs = 10_000_000_000;

    private readonly OpenArchive _file;
    private readonly IndexCursor? _index;
    private readonly TimeRange _range;
    private readonly CancellationToken _stop;
    private readonly long _end;
    private long _at;

    /// <param name="file">The file.</param>
    /// <param name="range">The time range of the blocks.</param>
    /// <param name="bytes">The part of the file, between block boundaries.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <param name="window">Number of bytes of the index to read at a time.</param>
    public FileBlocks(OpenArchive file, TimeRange range, ByteRange bytes, CancellationToken stop, int window = ContainerReader.UsualWindow)
    {
        (_file, _range, _stop) = (file, range, stop);
        _at = Math.Max(file.Reader.Header.Length, bytes.From);
        _end = Math.Min(file.Reader.Length, bytes.To);
        _index = IndexOf(file, window);
        if (bytes.From > 0)
            _index?.MoveNear(_at);
        HasTimes = _index?.Current is { ReceivedFirstNs: not null };
    }

    /// <summary>Whether the file has an index with receive times.</summary>
    public bool HasTimes { get; }

    /// <summary>Number of damaged parts, except the end of a part file.</summary>
    public long Damaged { get; private set; }

    public IndexedBlock Current { get; private set; }

    /// <exception cref="IOException">The device cannot read the bytes.</exception>
    public bool MoveNext()
    {
        while (_at < _end)
        {
            _stop.ThrowIfCancellationRequested();
            IndexEntry? entry = EntryHere();
            if (entry is not null && !MayMeet(entry))
            {
                _at = entry.Offset + entry.Bytes;
                continue;
            }

            if (Frame(out BlockFrame frame))
            {
                bool fits = entry is not null && entry.Bytes == frame.End - frame.Offset && entry.Records == frame.Records;
                Current = new IndexedBlock(frame, fits ? entry : null);
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _index?.Dispose();

    private static IndexCursor? IndexOf(OpenArchive file, int window)
    {
        var cursor = IndexCursor.TryOpen(file.File.IndexPath, window);
        if (cursor is null)
            return null;
        ContainerReader reader = file.Reader;
        if (cursor.HeaderCrc == Crc32C.Append(0, reader.Bytes(0, reader.Header.Length)))
        {
            cursor.MoveNext();
            return cursor;
        }

        cursor.Dispose();
        return null;
    }

    /// <summary>Returns the index entry of the current block, after skipping entries of missing blocks.</summary>
    private IndexEntry? EntryHere()
    {
        while (_index?.Current is { } entry && entry.Offset < _at && _index.MoveNext())
        {
        }

        if (_index?.Current is not { } here || here.Offset != _at || here.Bytes <= 0 || here.Bytes > _file.Reader.Length - _at)
            return null;
        IndexEntry kept = _index.Keep();
        _index.MoveNext();
        return kept;
    }

    private bool MayMeet(IndexEntry entry) => _range.Clock == RangeClock.Received
        ? entry is not { ReceivedFirstNs: { } first, ReceivedLastNs: { } last } || _range.Meets(first, last)
        : entry is not { DeviceFirstNs: { } begin, DeviceLastNs: { } end, Sources.Count: 1 } || _range.Widened(DeviceSlackNs).Meets(begin, end);

    private bool Frame(out BlockFrame frame)
    {
        if (_file.Reader.ReadFrame(_at, out frame) is null)
        {
            _at = frame.End;
            return true;
        }

        var walk = new BlockWalk(_file.Reader, _at, _stop);
        walk.MoveNext();
        BlockPlace place = walk.Current;
        if (place.End < _file.Reader.Length || !_file.File.IsPart)
            Damaged++;
        _at = place.End;
        return false;
    }
}
