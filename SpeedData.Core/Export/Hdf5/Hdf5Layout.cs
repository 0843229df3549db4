using System.Text;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>A column and the dataset for its values.</summary>
internal sealed record PlacedColumn(int Column, string Name, Hdf5Column Values);

/// <summary>Chooses the datasets for the columns of a channel.</summary>
/// <param name="channel">The channel.</param>
/// <param name="shape">The columns of the channel.</param>
/// <param name="isLossy">Whether values that HDF5 cannot store are written as JSON text.</param>
/// <param name="keepsNames">Whether signals keep their own names, even if a column that is not written has the same name.</param>
internal sealed class Hdf5Layout(ChannelSelection channel, TableShape shape, bool isLossy, bool keepsNames)
{
    // The name of a link must fit in a message of 64 KiB.
    private const int MostNameBytes = 60_000;

    private readonly ILookup<string, LayoutNode> _nodes = channel.SchemaHeads().SelectMany(head => Signal.Of(head.Layout!)).Where(signal => signal.Node.Type != AvroType.Null).ToLookup(signal => signal.Name, signal => signal.Node);

    /// <param name="rows">Rows of each dataset.</param>
    /// <param name="isWanted">Whether a column is written.</param>
    /// <exception cref="ReadingException">Lists all columns that HDF5 cannot store.</exception>
    public IReadOnlyList<PlacedColumn> Place(long rows, Func<int, bool> isWanted)
    {
        var taken = Enumerable.Range(0, shape.Columns.Count).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var placed = new List<PlacedColumn>();
        var plain = new Hdf5Place(rows, Hdf5Series.ChunkRows(Enumerable.Range(0, shape.Columns.Count).Count(isWanted)), null);
        var refused = new List<string>();
        for (int i = 0; i < shape.Columns.Count; i++)
        {
            ColumnSpec spec = shape.Columns[i];
            if (!isWanted(i))
                continue;
            if (Encoding.UTF8.GetByteCount(spec.Name) > MostNameBytes)
                throw new ReadingException($"hdf5 cannot store a name of {spec.Name.Length:N0} letters, '{spec.Name[..20]}…'; --fields leaves it out, and jsonl and avro keep it");
            if (ValuesOf(spec, shape.SignalOf(i), plain with { Units = spec.Unit }) is not { } values)
            {
                refused.Add(spec.Name);
                continue;
            }

            string name = NameOf(i);
            placed.Add(new PlacedColumn(i, name, values));
            if (spec.Kind == ColumnKind.Time && spec.Name != TableShape.TimeName)
                placed.Add(new PlacedColumn(i, Free(name + "_ns", taken), new NumberDataset<long>(plain with { Units = "ns" }, 0)));
            if (spec.IsNullable && spec.Kind is not (ColumnKind.Float32 or ColumnKind.Float64 or ColumnKind.Time))
                placed.Add(new PlacedColumn(i, Free(name + "_valid", taken), new ValidDataset(plain)));
        }

        return refused.Count == 0 ? placed
            : throw new ReadingException($"hdf5 cannot store {string.Join(", ", refused)} (map, union of several types, recursive record, or array of anything but numbers); --lossy writes them as JSON text, --fields leaves them out, and jsonl and avro keep them");
    }

    private Hdf5Column? ValuesOf(ColumnSpec spec, string? signal, Hdf5Place place)
    {
        LayoutNode[] nodes = signal is null ? [] : [.. _nodes[signal]];
        return spec.Kind switch
        {
            ColumnKind.Time => new SecondsDataset(place),
            ColumnKind.Boolean => new NumberDataset<byte>(place, 0),
            ColumnKind.Int32 => new NumberDataset<int>(place, 0),
            ColumnKind.Int64 => new NumberDataset<long>(place, 0),
            ColumnKind.Float32 => new NumberDataset<float>(place, float.NaN),
            ColumnKind.Float64 => new NumberDataset<double>(place, double.NaN),
            ColumnKind.Binary => new BinaryDataset(place),
            ColumnKind.Json => ArrayDatasets.TryCreate(nodes, place) ?? (isLossy ? new TextDataset(place, spec, isLossy) : null),
            _ when nodes.Length > 0 && nodes.All(node => node.Type == AvroType.Enum) => EnumDatasets.TryCreate(place, [.. nodes.SelectMany(node => node.Symbols).Distinct()]) ?? new TextDataset(place, spec, isLossy),
            _ => new TextDataset(place, spec, isLossy),
        };
    }

    private string NameOf(int column) =>
        keepsNames && shape.SignalOf(column) is { } own && !(own == TableShape.TimeName && shape.HasTime) ? own : shape.Columns[column].Name;

    private static string Free(string name, HashSet<string> taken)
    {
        while (!taken.Add(name))
            name += "_";
        return name;
    }
}
