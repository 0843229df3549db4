using PureHDF;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Writes the rows of a channel to the datasets of its group. Runs on the writer's thread.</summary>
internal sealed class Hdf5Group(IReadOnlyList<PlacedColumn> columns)
{
    private const long MostBytes = 4 << 20;

    /// <summary>Creates the group with empty datasets.</summary>
    public H5Group Create()
    {
        var group = new H5Group();
        foreach (PlacedColumn column in columns)
            group[column.Name] = column.Values.Dataset;
        return group;
    }

    /// <param name="batch">The rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="writer">The writer of the file.</param>
    public void Add(ColumnBatch batch, int rows, H5NativeWriter writer)
    {
        foreach (PlacedColumn column in columns)
            column.Values.Add(batch.Columns[column.Column], rows, writer);
        if (columns.Sum(column => column.Values.CountedBytes) < MostBytes)
            return;
        foreach (PlacedColumn column in columns.Where(column => column.Values.CountedBytes > 0))
            column.Values.Flush(writer);
    }

    /// <summary>Writes the buffered rows and releases the memory.</summary>
    public void End(H5NativeWriter writer)
    {
        foreach (PlacedColumn column in columns)
            column.Values.End(writer);
    }
}
