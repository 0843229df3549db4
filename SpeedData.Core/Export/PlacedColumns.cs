using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>What a format of columns has no place for.</summary>
internal static class PlacedColumns
{
    /// <exception cref="ReadingException">With all columns that have no place.</exception>
    public static void Demand(TableShape shape, string format, bool isLossy)
    {
        string[] refused = [.. shape.Columns.Where(column => column.Kind == ColumnKind.Json).Select(column => column.Name)];
        if (refused.Length > 0 && !isLossy)
            throw new ReadingException($"{format} has no place here for {string.Join(", ", refused)} (map, union of several types, recursive record, or array of other than plain values); --lossy writes them as JSON text, --fields leaves them out, and jsonl and avro keep them");
    }
}
