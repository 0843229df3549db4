namespace SpeedData.Core.Schema;

/// <summary>
/// Layouts that senders produce by mistake instead of the channel's own. If a datagram matches one of them, the mistake is known.
/// Compiled for reports, not for every datagram. Immutable; any thread.
/// </summary>
public sealed class LayoutVariants
{
    /// <summary>
    /// The limit of fields for layouts that lack one field. With more fields, both their number and their size would grow too far.
    /// </summary>
    public const int MostFields = 64;

    private readonly List<(string Field, RecordLayout Layout)> _lacking = [];
    private readonly RecordLayout _fixedIntegers;
    private readonly RecordLayout _floats;

    public LayoutVariants(RecordLayout layout)
    {
        IReadOnlyList<LayoutField> fields = layout.Root.Fields;
        if (fields.Count is > 1 and <= MostFields)
            _lacking = [.. fields.Select(field => (field.Name, Without(layout.Root, field)))];
        _fixedIntegers = Rewritten(layout.Root, node => node switch
        {
            { Type: AvroType.Long } => Fixed(sizeof(long)),
            { Type: AvroType.Int } => Fixed(sizeof(int)),
            _ => null,
        });
        _floats = Rewritten(layout.Root, node => node.Type == AvroType.Double ? Fixed(sizeof(float)) : null);
    }

    /// <summary>
    /// Returns the fields that may be missing: without any one of them in the schema, the datagram is a record.
    /// </summary>
    public IReadOnlyList<string> LackedFields(ReadOnlySpan<byte> datagram)
    {
        var lacked = new List<string>();
        foreach ((string field, RecordLayout layout) in _lacking)
        {
            if (Fits(layout, datagram))
                lacked.Add(field);
        }
        return lacked;
    }

    /// <summary>Whether the datagram is a record with 8 bytes for every long and 4 for every int, as in a C struct.</summary>
    public bool HasFixedIntegers(ReadOnlySpan<byte> datagram) => Fits(_fixedIntegers, datagram);

    /// <summary>Whether the datagram is a record with a 4-byte float for every double.</summary>
    public bool HasFloats(ReadOnlySpan<byte> datagram) => Fits(_floats, datagram);

    private static bool Fits(RecordLayout layout, ReadOnlySpan<byte> datagram) => layout.Check(datagram) == RecordFaultKind.None;

    private static LayoutNode Fixed(int size) => new(AvroType.Fixed) { FixedSize = size };

    private static RecordLayout Without(LayoutNode root, LayoutField field)
    {
        var copy = new LayoutNode(AvroType.Record) { Fields = [.. root.Fields.Where(other => other != field)] };
        return Settled(copy, [copy]);
    }

    private static RecordLayout Rewritten(LayoutNode root, Func<LayoutNode, LayoutNode?> replacement)
    {
        var copies = new Dictionary<LayoutNode, LayoutNode>(ReferenceEqualityComparer.Instance);
        var all = new List<LayoutNode>();
        return Settled(Copy(root), all);

        // A recursive type forms a cycle. So a copy is registered before its contents are copied, and completed afterwards.
        LayoutNode Copy(LayoutNode node)
        {
            if (copies.TryGetValue(node, out LayoutNode? known))
                return known;
            LayoutNode copy = replacement(node) ?? new LayoutNode(node.Type)
            {
                FullName = node.FullName,
                Symbols = node.Symbols,
                FixedSize = node.Type == AvroType.Record ? null : node.FixedSize,
            };
            copies.Add(node, copy);
            copy.Fields = [.. node.Fields.Select(field => new LayoutField(field.Name, Copy(field.Type)))];
            copy.Branches = [.. node.Branches.Select(Copy)];
            copy.Items = node.Items is null ? null : Copy(node.Items);
            all.Add(copy);
            return copy;
        }
    }

    private static RecordLayout Settled(LayoutNode root, IReadOnlyList<LayoutNode> all)
    {
        LayoutSizes.Settle(all);
        foreach (LayoutNode node in all)
        {
            node.Steps = Step.Inside(node, merge: true);
            node.FieldSteps = Step.Inside(node, merge: false);
        }
        return new RecordLayout(root);
    }
}
