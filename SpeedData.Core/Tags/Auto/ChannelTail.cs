using SpeedData.Core.Container;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Tags.Auto;

/// <summary>Reads the new records of a channel's archives, including the one that is being written. One thread.</summary>
/// <param name="folder">The channel's folder.</param>
/// <param name="field">The signal's name without the channel.</param>
/// <param name="fromNs">The time from which records are read.</param>
/// <param name="whyNever">Returns why a signal cannot be used; null if it can.</param>
internal sealed class ChannelTail(string folder, string field, long fromNs, Func<Signal, string?> whyNever)
{
    // Small enough for the normal heap. .NET clears the heap of large objects only in a full collection.
    private const int Window = 64 << 10, Rows = 1024;

    private readonly SchemaCache _schemas = new();
    private string? _stem;
    private long _at;
    private long _seenBytes = -1;

    /// <summary>Why the last grown file could not be read; null if it could.</summary>
    public string? Fault { get; private set; }

    /// <summary>Passes the new rows to a callback.</summary>
    /// <param name="see">Receives the signal's column, a row, and its time of receipt.</param>
    /// <param name="stop">Cancels the reading.</param>
    public void Look(Action<Column, int, long> see, CancellationToken stop)
    {
        foreach (ListedFile file in NewFiles())
        {
            stop.ThrowIfCancellationRequested();
            string stem = Path.GetFileName(file.Stem);
            if (stem != _stem)
                (_stem, _at, _seenBytes) = (stem, 0, -1);
            if (!HasGrown(file))
                continue;
            try
            {
                Read(file, see, stop);
                Fault = null;
            }
            catch (ReadingException e)
            {
                Fault = e.Message;
            }
        }
    }

    private IEnumerable<ListedFile> NewFiles()
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(ListedFile.Of).OfType<ListedFile>()
                .Where(file => _stem is null || string.CompareOrdinal(Path.GetFileName(file.Stem), _stem) >= 0)
                .OrderBy(file => file.Stem, StringComparer.Ordinal).DistinctBy(file => file.Stem)];
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return [];
        }
    }

    private bool HasGrown(ListedFile file)
    {
        long bytes = new FileInfo(file.Path) is { Exists: true } there ? there.Length + new FileInfo(file.IndexPath) switch { { Exists: true } index => index.Length, _ => 0 } : -1;
        bool hasGrown = bytes != _seenBytes;
        _seenBytes = bytes;
        return hasGrown;
    }

    private void Read(ListedFile file, Action<Column, int, long> see, CancellationToken stop)
    {
        if (FileHead.Read(file, _schemas) is not { Layout: not null } head)
            return;
        // In a file that is being written, the receive times of the last blocks are added a little later.
        long end = head.File.IsPart && head.ReceivedFirstNs is not null ? head.IndexedBytes : head.Bytes;
        if (end <= _at || !head.MayMeet(new TimeRange(fromNs, null)))
        {
            _at = Math.Max(_at, end);
            return;
        }

        if (Signal.Of(head.Layout).FirstOrDefault(signal => signal.Name == field) is { } signal && whyNever(signal) is { } never)
            throw new ReadingException(never);
        ChannelSelection selection = ChannelSelection.Of(head, new TimeRange(fromNs, null), new ByteRange(_at, end), Window, _schemas);
        TableShape shape = ChannelSelection.Shape([selection], FieldChoice.Of([field]));
        using var reader = new RecordReader(selection, shape, 1, Rows, stop);
        var batch = new ColumnBatch(shape.Columns);
        Column column = batch.Columns.FirstOrDefault(column => column.Spec.Name == shape.NameOf(field)) ?? throw new ReadingException($"'{field}' is the channel's time, not a signal");
        var times = new RowTimes(batch, shape, head.ReceivedFirstNs is not null);
        while (reader.Fill(batch))
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                if (times.Of(row) is { } atNs)
                    see(column, row, atNs);
            }
        }

        _at = end;
    }

    /// <summary>
    /// Returns the times of rows. A missing time of receipt is that of the row before. In a file without receive times, the record's own
    /// time is used.
    /// </summary>
    private sealed class RowTimes(ColumnBatch batch, TableShape shape, bool hasReceiveTimes)
    {
        private readonly NumberColumn<long> _received = (NumberColumn<long>)batch.Columns[shape.Received];
        private readonly NumberColumn<long>? _device = shape.HasTime ? (NumberColumn<long>)batch.Columns[shape.Time] : null;
        private long? _last;

        public long? Of(int row)
        {
            if (!_received.IsNull(row))
                _last = _received.Values[row];
            else if (!hasReceiveTimes)
                _last = _device is not null && !_device.IsNull(row) ? _device.Values[row] : null;
            return _last;
        }
    }
}
