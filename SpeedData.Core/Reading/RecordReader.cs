using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading;

/// <summary>
/// Reads the records of a channel in a range, in the order of receipt, as batches of columns. Memory use does not depend on the range. One
/// thread.
/// </summary>
public sealed class RecordReader : IDisposable
{
    private const long UsualRecord = 256;

    private readonly TableShape _shape;
    private readonly long _every;
    private readonly int _batchRows;
    private readonly RowExtras _extras;
    private readonly RecordTracks _tracks;
    private readonly Dictionary<RecordLayout, ColumnProgram> _programs = new(ReferenceEqualityComparer.Instance);
    private long _seen;
    private long _lostBetween;

    /// <param name="channel">The channel to read.</param>
    /// <param name="shape">The columns of the rows.</param>
    /// <param name="every">Reads every n-th record of the range.</param>
    /// <param name="batchRows">The number of rows in a batch; fewer if they are large.</param>
    /// <param name="stop">Cancels the reading.</param>
    public RecordReader(ChannelSelection channel, TableShape shape, long every, int batchRows, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(shape);
        (_shape, _every, _batchRows) = (shape, every, shape.BatchRows(batchRows));
        _extras = new RowExtras(shape, channel.Name, channel.Range);
        _tracks = new RecordTracks(channel, stop);
    }

    /// <summary>Number of archive bytes read so far.</summary>
    public long BytesDone => _tracks.BytesDone;

    /// <summary>Number of blocks that could not be read.</summary>
    public long Damaged => _tracks.Damaged;

    /// <summary>Fills a batch with the next rows.</summary>
    /// <returns>False if there are no more rows.</returns>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool Fill(ColumnBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        long bytes = 0;
        while ((batch.Rows == 0 || (batch.Rows < _batchRows && bytes < _batchRows * UsualRecord)) && _tracks.MoveNext() is { } track)
        {
            // If records of several schemas are merged, the records of a burst stay together.
            long rest = _tracks.IsMerged ? track.Receipts.BurstEnd - track.Blocks.Taken : track.Blocks.Rest;
            bytes += Take(batch, track, (int)Math.Min(_batchRows - batch.Rows, rest));
        }

        return batch.Rows > 0;
    }

    public void Dispose() => _tracks.Dispose();

    private int Take(ColumnBatch batch, RecordTrack track, int records)
    {
        (BlockStream blocks, Receipts receipts) = (track.Blocks, track.Receipts);
        ColumnProgram program = ProgramFor(blocks.File);
        var bytes = new RecordBytes(blocks.Data) { Position = blocks.Position };
        batch.Reserve(records);
        program.Begin(batch, records);
        _extras.Begin(batch);
        bool wantsAll = _every == 1 && track.Test.IsWithin();
        int row = batch.Rows;
        for (int i = 0; i < records; i++)
        {
            long record = blocks.Taken + i;
            receipts.MoveTo(record);
            if (!wantsAll && !Wants(track, record, bytes.Rest))
            {
                blocks.File.Layout!.Measure(bytes.Rest, out int length);
                bytes.Position += length;
                continue;
            }

            program.Read(ref bytes, row);
            _extras.Fill(row, receipts, _lostBetween);
            _lostBetween = 0;
            row++;
        }

        program.End(blocks.Data, row - batch.Rows);
        int taken = bytes.Position - blocks.Position;
        blocks.Pass(records, bytes.Position);
        return taken;
    }

    private bool Wants(RecordTrack track, long record, ReadOnlySpan<byte> rest)
    {
        if (!track.Test.Holds(record, rest))
            return false;
        bool isWanted = _seen++ % _every == 0;
        if (!isWanted)
            _lostBetween += track.Receipts.LostBefore ?? 0;
        return isWanted;
    }

    private ColumnProgram ProgramFor(OpenArchive file)
    {
        if (!_programs.TryGetValue(file.Layout!, out ColumnProgram? program))
            _programs.Add(file.Layout!, program = _shape.ProgramFor(file.Layout!, file.Time));
        return program;
    }
}
