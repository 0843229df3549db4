namespace SpeedData.Core.Schema;

/// <summary>A value of a record that is not itself a record. Nested records are replaced by their leaves.</summary>
/// <param name="Path">The names of the fields that lead to it, joined by dots.</param>
/// <param name="Node">Its type, which takes at least one byte in some record.</param>
/// <param name="Asked">The aggregation that the schema sets for it or for a record around it; null if none.</param>
/// <param name="Depth">The number of records of varying size around it.</param>
public sealed record Leaf(string Path, LayoutNode Node, Aggregation? Asked, int Depth)
{
    /// <summary>Returns the leaves of a record, in the order of the encoding.</summary>
    public static IReadOnlyList<Leaf> Of(RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var leaves = new List<Leaf>();
        Collect(layout.Root, "", null, 0, leaves);
        return leaves;
    }

    // The recursion is short: each leaf takes a byte, and the smallest record fits a datagram.
    private static void Collect(LayoutNode record, string path, Aggregation? around, int depth, List<Leaf> leaves)
    {
        depth += record.IsOpaque ? 0 : 1;
        foreach (LayoutField field in record.Fields.Where(field => field.Type.FixedSize != 0))
        {
            string place = path + field.Name;
            Aggregation? asked = field.Aggregation ?? around;
            if (field.Type.Type == AvroType.Record)
                Collect(field.Type, place + ".", asked, depth, leaves);
            else
                leaves.Add(new Leaf(place, field.Type, asked, depth));
        }
    }
}
