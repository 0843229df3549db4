using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>A column and the datasets that it becomes.</summary>
internal sealed record PlacedColumn(int Column, string Name, Hdf5Column Values);

/// <summary>Which datasets the columns of a channel become.</summary>
/// <param name="channel">Whose.</param>
/// <param name="shape">Its columns.</param>
/// <param name="isLossy">Whether what has no place is written as JSON text.</param>
internal sealed class Hdf5Layout(ChannelSelection channel, TableShape shape, bool isLossy)
{
    private readonly ILookup<string, LayoutNode> _nodes = channel.SchemaHeads().SelectMany(head => Signal.Of(head.Layout!)).Where(signal => signal.Node.Type != AvroType.Null).ToLookup(signal => signal.Name, signal => signal.Node);

    /// <param name="rows">Of each dataset.</param>
    /// <param name="isWanted">Whether a column is.</param>
    /// <exception cref="ReadingException">With all columns that have no place.</exception>
    public IReadOnlyList<PlacedColumn> Place(long rows, Func<int, bool> isWanted)
    {
        var taken = shape.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var placed = new List<PlacedColumn>();
        var refused = new List<string>();
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            ColumnSpec spec = shape.Columns[i];
            if (!isWanted(i))
                continue;
            if (ValuesOf(spec, rows) is not { } values)
            {
                refused.Add(spec.Name);
                continue;
            }

            placed.Add(new PlacedColumn(i, spec.Name, values));
            if (spec.Kind == ColumnKind.Time && spec.Name != TableShape.TimeName)
                placed.Add(new PlacedColumn(i, Free(spec.Name + "_ns", taken), new NumberDataset<long>(rows, "ns", 0)));
            if (spec.IsNullable && spec.Kind is not (ColumnKind.Float32 or ColumnKind.Float64 or ColumnKind.Time))
                placed.Add(new PlacedColumn(i, Free(spec.Name + "_valid", taken), new ValidDataset(rows)));
        }

        return refused.Count == 0 ? placed
            : throw new ReadingException($"hdf5 has no place here for {string.Join(", ", refused)} (map, union of several types, recursive record, or array of other things than numbers); --lossy writes them as JSON text, --fields leaves them out, and jsonl and avro keep them");
    }

    private Hdf5Column? ValuesOf(ColumnSpec spec, long rows)
    {
        LayoutNode[] nodes = [.. _nodes[SignalOf(spec)]];
        return spec.Kind switch
        {
            ColumnKind.Time => new SecondsDataset(rows),
            ColumnKind.Boolean => new NumberDataset<byte>(rows, spec.Unit, 0),
            ColumnKind.Int32 => new NumberDataset<int>(rows, spec.Unit, 0),
            ColumnKind.Int64 => new NumberDataset<long>(rows, spec.Unit, 0),
            ColumnKind.Float32 => new NumberDataset<float>(rows, spec.Unit, float.NaN),
            ColumnKind.Float64 => new NumberDataset<double>(rows, spec.Unit, double.NaN),
            ColumnKind.Binary => new BinaryDataset(rows, spec.Unit),
            ColumnKind.Json => ArrayDatasets.TryCreate(nodes, rows, spec.Unit) ?? (isLossy ? new TextDataset(rows, spec, isLossy) : null),
            _ when nodes.Length > 0 && nodes.All(node => node.Type == AvroType.Enum) => EnumDatasets.Create(rows, [.. nodes.SelectMany(node => node.Symbols).Distinct()]),
            _ => new TextDataset(rows, spec, isLossy),
        };
    }

    private string SignalOf(ColumnSpec spec) => spec.Name.StartsWith(TableShape.RenamedPrefix, StringComparison.Ordinal) && shape.Renamed.Contains(spec.Name[TableShape.RenamedPrefix.Length..])
        ? spec.Name[TableShape.RenamedPrefix.Length..]
        : spec.Name;

    private static string Free(string name, HashSet<string> taken)
    {
        while (!taken.Add(name))
            name += "_";
        return name;
    }
}
