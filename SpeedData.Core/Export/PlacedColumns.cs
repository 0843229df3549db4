using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Refuses columns that a columnar format cannot store.</summary>
internal static class PlacedColumns
{
    /// <exception cref="ReadingException">Lists all columns that the format cannot store.</exception>
    public static void Demand(TableShape shape, string format, bool isLossy)
    {
        string[] refused = [.. shape.Columns.Where(column => column.Kind == ColumnKind.Json).Select(column => column.Name)];
        if (refused.Length > 0 && !isLossy)
            throw new ReadingException($"{format} cannot store {string.Join(", ", refused)} (map, union of several types, recursive record, or array of anything but plain values); --lossy writes them as JSON text, --fields leaves them out, and jsonl and avro keep them");
    }
}
