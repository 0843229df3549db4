namespace SpeedData.Core.Schema;

/// <summary>A value of a record that is no record itself; a nested record is replaced by its leaves.</summary>
/// <param name="Path">Names of the fields that lead to it, with dots between.</param>
/// <param name="Node">Its type; takes at least one byte in some record.</param>
/// <param name="Asked">What the schema asks for, of it or of a record around it; null for nothing.</param>
/// <param name="Depth">Records of varying size around it.</param>
public sealed record Leaf(string Path, LayoutNode Node, Aggregation? Asked, int Depth)
{
    /// <summary>The leaves of a record, in the order of the encoding.</summary>
    public static IReadOnlyList<Leaf> Of(RecordLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var leaves = new List<Leaf>();
        Collect(layout.Root, "", null, 0, leaves);
        return leaves;
    }

    // Ends, and soon: each leaf takes a byte, and the smallest record fits a datagram.
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
