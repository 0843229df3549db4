using System.Runtime.CompilerServices;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>A dataset that is written in whole chunks, row after row. One thread.</summary>
internal abstract class Hdf5Series
{
    /// <summary>The most rows in a chunk.</summary>
    public const int MostChunkRows = 16 << 10;

    // One chunk of each column is in memory.
    private const int MostCells = 1 << 19;

    /// <summary>Returns the rows of a chunk for a number of columns.</summary>
    public static int ChunkRows(int columns) => Math.Clamp(MostCells / columns, 1, MostChunkRows);

    public abstract H5Dataset Dataset { get; }

    public static H5Dataset<T[]> Empty<T>() => new([0UL]);

    /// <summary>Writes the buffered rows.</summary>
    public abstract void Flush(H5NativeWriter writer);

    /// <summary>Writes the buffered rows and releases the memory.</summary>
    public abstract void End(H5NativeWriter writer);
}

internal sealed class Hdf5Series<T> : Hdf5Series
{
    private readonly H5Dataset<T[]> _dataset;
    private readonly LastChunk _last = new();
    private readonly int _chunkRows;
    private T[] _chunk = [];
    private ulong _written;
    private int _count;

    /// <param name="rows">Rows of the whole dataset.</param>
    /// <param name="chunkRows">Rows of a chunk.</param>
    /// <param name="units">The unit; null for none.</param>
    public Hdf5Series(long rows, int chunkRows, string? units)
    {
        _chunkRows = (int)Math.Min(rows, chunkRows);
        _dataset = rows == 0 ? Empty<T>() : new H5Dataset<T[]>([(ulong)rows], [(uint)_chunkRows], new H5DatasetCreation(_last));
        if (units is not null)
            _dataset.Attributes["units"] = units;
    }

    public override H5Dataset Dataset => _dataset;

    /// <summary>Returns room for at most <paramref name="most"/> new rows.</summary>
    public Span<T> Room(int most)
    {
        if (_chunk.Length == 0)
            _chunk = new T[_chunkRows];
        return _chunk.AsSpan(_count, Math.Min(most, _chunk.Length - _count));
    }

    /// <summary>Accepts the rows that were put into the room.</summary>
    public void Add(int rows, H5NativeWriter writer)
    {
        _count += rows;
        if (_count == _chunk.Length)
            Flush(writer);
    }

    public override void Flush(H5NativeWriter writer)
    {
        if (_count == 0)
            return;
        ulong count = (ulong)_count;
        writer.Write(_dataset, _chunk, count == (ulong)_chunk.Length ? null : new HyperslabSelection(0, count), new HyperslabSelection(_written, count));
        _written += count;
        _count = 0;
        // The buffered values may be large.
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            Array.Clear(_chunk);
    }

    public override void End(H5NativeWriter writer)
    {
        Flush(writer);
        _last.Release();
        _chunk = [];
    }
}
