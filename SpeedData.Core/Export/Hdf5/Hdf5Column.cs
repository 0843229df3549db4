using PureHDF;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>The size and unit of a dataset.</summary>
/// <param name="Rows">Rows of the whole dataset.</param>
/// <param name="ChunkRows">Rows of a chunk.</param>
/// <param name="Units">The unit; null for none.</param>
internal sealed record Hdf5Place(long Rows, int ChunkRows, string? Units);

/// <summary>Turns a column into a dataset. One thread.</summary>
internal abstract class Hdf5Column
{
    public abstract H5Dataset Dataset { get; }

    /// <summary>Adds all rows of a batch.</summary>
    public abstract void Add(Column column, int rows, H5NativeWriter writer);

    /// <summary>Bytes of buffered values of variable length.</summary>
    public long CountedBytes { get; protected set; }

    public abstract void Flush(H5NativeWriter writer);

    /// <summary>Writes the buffered rows and releases the memory.</summary>
    public abstract void End(H5NativeWriter writer);
}

/// <summary>One value of a type for each row.</summary>
internal abstract class Hdf5Column<T>(Hdf5Place place) : Hdf5Column
{
    private readonly Hdf5Series<T> _series = new(place.Rows, place.ChunkRows, place.Units);

    public override H5Dataset Dataset => _series.Dataset;

    public override void Add(Column column, int rows, H5NativeWriter writer)
    {
        CountedBytes += column.CountedBytes;
        for (int row = 0; row < rows;)
        {
            Span<T> room = _series.Room(rows - row);
            Take(column, row, room);
            _series.Add(room.Length, writer);
            row += room.Length;
        }
    }

    public override void Flush(H5NativeWriter writer)
    {
        _series.Flush(writer);
        CountedBytes = 0;
    }

    public override void End(H5NativeWriter writer)
    {
        _series.End(writer);
        CountedBytes = 0;
    }

    /// <summary>Fills the room with rows, starting at <paramref name="first"/>.</summary>
    protected abstract void Take(Column column, int first, Span<T> room);
}

/// <summary>Numbers unchanged. A missing value is 0 or NaN.</summary>
internal sealed class NumberDataset<T>(Hdf5Place place, T absent) : Hdf5Column<T>(place)
    where T : unmanaged
{
    protected override void Take(Column column, int first, Span<T> room)
    {
        ((NumberColumn<T>)column).Values.AsSpan(first, room.Length).CopyTo(room);
        if (column.Nulls == 0)
            return;
        for (int i = 0; i < room.Length; i++)
        {
            if (column.IsNull(first + i))
                room[i] = absent;
        }
    }
}

/// <summary>A time in seconds since the Unix epoch. A missing value is NaN.</summary>
internal sealed class SecondsDataset(Hdf5Place place) : Hdf5Column<double>(place with { Units = "s" })
{
    protected override void Take(Column column, int first, Span<double> room)
    {
        long[] ns = ((NumberColumn<long>)column).Values;
        for (int i = 0; i < room.Length; i++)
            room[i] = column.IsNull(first + i) ? double.NaN : ns[first + i] / 1e9;
    }
}

/// <summary>1 for a row with a value, 0 for a row without.</summary>
internal sealed class ValidDataset(Hdf5Place place) : Hdf5Column<byte>(place with { Units = null })
{
    protected override void Take(Column column, int first, Span<byte> room)
    {
        for (int i = 0; i < room.Length; i++)
            room[i] = column.IsNull(first + i) ? (byte)0 : (byte)1;
    }
}
