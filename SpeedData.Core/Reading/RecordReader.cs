using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading;

/// <summary>
/// Reads the records of a channel in a range, file by file and block by block, as batches of columns. Memory does not grow with
/// the range. One thread.
/// </summary>
public sealed class RecordReader : IDisposable
{
    private const long UsualRecord = 256;

    private readonly TableShape _shape;
    private readonly long _every;
    private readonly int _batchRows;
    private readonly RowExtras _extras;
    private readonly Receipts _receipts = new();
    private readonly BlockStream _blocks;
    private readonly RangeTest _test;
    private readonly Dictionary<RecordLayout, ColumnProgram> _programs = new(ReferenceEqualityComparer.Instance);
    private long _seen;
    private long _lostBetween;

    /// <param name="channel">What to read.</param>
    /// <param name="shape">The columns.</param>
    /// <param name="every">Every how many records of the range there is a row.</param>
    /// <param name="batchRows">Rows of a batch; fewer where they are large.</param>
    /// <param name="stop">Ends it.</param>
    public RecordReader(ChannelSelection channel, TableShape shape, long every, int batchRows, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(shape);
        (_shape, _every, _batchRows) = (shape, every, shape.BatchRows(batchRows));
        _extras = new RowExtras(shape, channel.Name, channel.Range);
        _blocks = new BlockStream(channel, stop);
        _test = new RangeTest(channel.Range, _blocks, _receipts);
    }

    /// <summary>Bytes of archives read so far.</summary>
    public long BytesDone => _blocks.BytesDone;

    /// <summary>Blocks that could not be read.</summary>
    public long Damaged => _blocks.Damaged;

    /// <summary>Fills a batch with the next rows.</summary>
    /// <returns>False when there are none left.</returns>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool Fill(ColumnBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Clear();
        long bytes = 0;
        while ((batch.Rows == 0 || (batch.Rows < _batchRows && bytes < _batchRows * UsualRecord)) && (_blocks.HasRest || _blocks.MoveNext()))
        {
            int rows = (int)Math.Min(_batchRows, _blocks.Rest);
            bytes += Take(batch, rows);
        }

        return batch.Rows > 0;
    }

    public void Dispose() => _blocks.Dispose();

    private int Take(ColumnBatch batch, int records)
    {
        if (_blocks.Taken == 0)
            _receipts.Begin(_blocks.Entry, _blocks.Records);
        ColumnProgram program = ProgramFor(_blocks.File);
        var bytes = new RecordBytes(_blocks.Data) { Position = _blocks.Position };
        batch.Reserve(records);
        program.Begin(batch, records);
        _extras.Begin(batch);
        bool wantsAll = _every == 1 && _test.IsWithin();
        int row = batch.Rows;
        for (int i = 0; i < records; i++)
        {
            long record = _blocks.Taken + i;
            _receipts.MoveTo(record);
            if (!wantsAll && !Wants(record, bytes.Rest))
            {
                _blocks.File.Layout!.Measure(bytes.Rest, out int length);
                bytes.Position += length;
                continue;
            }

            program.Read(ref bytes, row);
            _extras.Fill(row, _receipts, _lostBetween);
            _lostBetween = 0;
            row++;
        }

        program.End(_blocks.Data, row - batch.Rows);
        int taken = bytes.Position - _blocks.Position;
        _blocks.Pass(records, bytes.Position);
        return taken;
    }

    private bool Wants(long record, ReadOnlySpan<byte> rest)
    {
        if (!_test.Holds(record, rest))
            return false;
        bool isWanted = _seen++ % _every == 0;
        if (!isWanted)
            _lostBetween += _receipts.LostBefore ?? 0;
        return isWanted;
    }

    private ColumnProgram ProgramFor(OpenArchive file)
    {
        if (!_programs.TryGetValue(file.Layout!, out ColumnProgram? program))
            _programs.Add(file.Layout!, program = _shape.ProgramFor(file.Layout!, file.Time));
        return program;
    }
}
