using PureHDF;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Writes the rows of a channel into the datasets of its group. The writer's thread.</summary>
internal sealed class Hdf5Group(IReadOnlyList<PlacedColumn> columns)
{
    private const long MostBytes = 4 << 20;

    /// <summary>The group with its datasets, so far without values.</summary>
    public H5Group Create()
    {
        var group = new H5Group();
        foreach (PlacedColumn column in columns)
            group[column.Name] = column.Values.Dataset;
        return group;
    }

    /// <param name="batch">The rows.</param>
    /// <param name="rows">How many of them.</param>
    /// <param name="writer">Of the file.</param>
    public void Add(ColumnBatch batch, int rows, H5NativeWriter writer)
    {
        foreach (PlacedColumn column in columns)
            column.Values.Add(batch.Columns[column.Column], rows, writer);
        if (columns.Sum(column => column.Values.CountedBytes) < MostBytes)
            return;
        foreach (PlacedColumn column in columns.Where(column => column.Values.CountedBytes > 0))
            column.Values.Flush(writer);
    }

    /// <summary>Writes all, and lets go of the memory.</summary>
    public void End(H5NativeWriter writer)
    {
        foreach (PlacedColumn column in columns)
            column.Values.End(writer);
    }
}
