namespace SpeedData.Core.Schema;

/// <summary>
/// Computes the smallest size, the least depth and, if there is one, the fixed size of every type. Recursive types make sizes depend
/// on each other. So sizes start at "endless" and are lowered until nothing changes. A type that stays endless has no value.
/// </summary>
internal static class LayoutSizes
{
    private const int Endless = int.MaxValue;

    /// <param name="nodes">All types, contained types before their containers unless recursion forbids that order.</param>
    public static void Settle(IReadOnlyList<LayoutNode> nodes)
    {
        SettleSmallest(nodes);
        SettleFixed(nodes);
    }

    private static void SettleSmallest(IReadOnlyList<LayoutNode> nodes)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (var node in nodes)
            {
                var (size, depth) = Smallest(node);
                changed |= size < node.MinSize || depth < node.MinDepth;
                node.MinSize = size;
                node.MinDepth = depth;
            }
        }
    }

    private static (int Size, int Depth) Smallest(LayoutNode node) => node.Type switch
    {
        AvroType.Record => (Sum(node.Fields), Deeper(node.Fields)),
        AvroType.Union => (Plus(1, Least(node.Branches, branch => branch.MinSize)), Least(node.Branches, branch => branch.MinDepth)),
        AvroType.Enum => (node.Symbols.Count == 0 ? Endless : 1, 0),
        AvroType.Array or AvroType.Map => (1, 1),
        _ => (node.FixedSize ?? 1, 0),
    };

    private static void SettleFixed(IReadOnlyList<LayoutNode> nodes)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (var node in nodes)
            {
                if (node.Type != AvroType.Record || node.IsOpaque || !node.Fields.All(field => field.Type.IsOpaque))
                    continue;
                node.FixedSize = node.MinSize;
                changed = true;
            }
        }
    }

    private static int Sum(IReadOnlyList<LayoutField> fields) =>
        fields.Aggregate(0, (sum, field) => Plus(sum, field.Type.MinSize));

    private static int Deeper(IReadOnlyList<LayoutField> fields) =>
        Plus(1, fields.Count == 0 ? 0 : fields.Max(field => field.Type.MinDepth));

    private static int Least(IReadOnlyList<LayoutNode> nodes, Func<LayoutNode, int> measure) =>
        nodes.Count == 0 ? Endless : nodes.Min(measure);

    private static int Plus(int a, int b) => (int)Math.Min(Endless, (long)a + b);
}
