namespace SpeedData.Core.Schema;

/// <summary>Refuses, when a schema is loaded, what could never be received or would make a record of nothing.</summary>
internal static class LayoutLimits
{
    /// <summary>The largest UDP payload over IPv4: 65,535 less the headers of IP (20) and UDP (8).</summary>
    private const int LargestDatagram = 65_507;

    /// <summary>That there are values of every type.</summary>
    public static void DemandValues(IReadOnlyList<LayoutNode> nodes)
    {
        foreach (var node in nodes)
            DemandValue(node);
        foreach (var node in nodes)
            DemandEnd(node);
    }

    /// <summary>That a record fits a datagram and is not nothing.</summary>
    public static void DemandDatagram(LayoutNode root)
    {
        if (root.MinSize == 0)
            throw new SchemaException($"a record of '{root.FullName}' takes no bytes, so nothing could be received or counted; give it a field that takes some");
        if (root.MinSize > LargestDatagram)
            throw new SchemaException($"the smallest record of '{root.FullName}' takes {root.MinSize:N0} bytes and a datagram holds at most {LargestDatagram:N0}; split the record over several channels");
    }

    private static void DemandValue(LayoutNode node)
    {
        if (node is { Type: AvroType.Enum, Symbols.Count: 0 })
            throw new SchemaException($"enum '{node.FullName}' has no symbols and so no value; give it at least one");
        if (node is { Type: AvroType.Union, Branches.Count: 0 })
            throw new SchemaException("a union has no branches and so no value; give it at least one, as in [\"null\", \"double\"]");
    }

    private static void DemandEnd(LayoutNode node)
    {
        if (node.Type != AvroType.Record)
            return;
        if (node.MinDepth == int.MaxValue)
            throw new SchemaException($"a record of '{node.FullName}' contains itself without end; let the recursion end, as in [\"null\", \"{node.FullName}\"]");
        if (node.MinDepth > RecordLayout.MaxDepth)
            throw new SchemaException($"even the smallest record of '{node.FullName}' nests {node.MinDepth} deep; at most {RecordLayout.MaxDepth} are taken");
    }
}
