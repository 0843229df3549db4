using PureHDF;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Writes exactly as many rows of a channel as were counted, because a recording may have grown since then.</summary>
internal sealed class Hdf5TableWriter(Hdf5Group group, H5NativeWriter writer, long rows) : TableWriter
{
    private long _left = rows;

    /// <summary>Whether all rows are written. Any thread.</summary>
    public bool IsFull => Volatile.Read(ref _left) == 0;

    public override void Begin()
    {
    }

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int taken = (int)Math.Min(_left, batch.Columns.Rows);
        group.Add(batch.Columns, taken, writer);
        Volatile.Write(ref _left, _left - taken);
    }

    /// <exception cref="ReadingException">Rows that were counted are missing.</exception>
    public override void End()
    {
        if (!IsFull)
            throw new ReadingException($"{_left:N0} of the counted rows are missing: a file was changed while it was read");
        group.End(writer);
    }
}
