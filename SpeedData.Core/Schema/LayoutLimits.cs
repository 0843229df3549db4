namespace SpeedData.Core.Schema;

/// <summary>Refuses schemas with records that can never be received, and records without bytes, when they are loaded.</summary>
internal static class LayoutLimits
{
    /// <summary>The largest UDP payload over IPv4: 65,535 minus the headers of IP (20) and UDP (8).</summary>
    private const int LargestDatagram = 65_507;

    /// <summary>Checks that every type has values.</summary>
    public static void DemandValues(IReadOnlyList<LayoutNode> nodes)
    {
        foreach (var node in nodes)
            DemandValue(node);
        foreach (var node in nodes)
            DemandEnd(node);
    }

    /// <summary>Checks that a record fits a datagram and has at least one byte.</summary>
    public static void DemandDatagram(LayoutNode root)
    {
        if (root.MinSize == 0)
            throw new SchemaException($"a record of '{root.FullName}' takes no bytes, so nothing could be received or counted; give it a field that takes bytes");
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
            throw new SchemaException($"a record of '{node.FullName}' contains itself without end; end the recursion, as in [\"null\", \"{node.FullName}\"]");
        if (node.MinDepth > RecordLayout.MaxDepth)
            throw new SchemaException($"even the smallest record of '{node.FullName}' nests {node.MinDepth} deep; at most {RecordLayout.MaxDepth} is allowed");
    }
}
