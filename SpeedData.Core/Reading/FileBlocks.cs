using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading;

/// <summary>
/// The blocks of a file in order, up to the last whole one. If the index describes a block that cannot lie in the range, it is
/// skipped without a look at the file. Damaged parts are counted and skipped. One thread.
/// </summary>
internal sealed class FileBlocks : IDisposable
{
    // A device's clock may step back a little within a block, and only the times of the block's first and last record are
    // known.
    private const long DeviceSlackNs = 10_000_000_000;

    private readonly OpenArchive _file;
    private readonly IndexCursor? _index;
    private readonly TimeRange _range;
    private readonly CancellationToken _stop;
    private readonly long _end;
    private long _at;

    /// <param name="file">The file.</param>
    /// <param name="range">Which blocks.</param>
    /// <param name="bytes">In which part of the file: from the begin of a block to the end of one.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="window">Bytes of the index that are read at a time.</param>
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

    /// <summary>Whether an index with receive times describes the file.</summary>
    public bool HasTimes { get; }

    /// <summary>Places that are no whole block, the end of a part file not counted.</summary>
    public long Damaged { get; private set; }

    public IndexedBlock Current { get; private set; }

    /// <exception cref="IOException">The device does not give the bytes.</exception>
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

    /// <summary>The entry of the block that begins here; skips the entries of blocks that are gone.</summary>
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
