namespace SpeedData.Core.Schema;

/// <summary>What the walk does with the next bytes.</summary>
internal enum StepKind : byte
{
    /// <summary>Skips bytes that are valid whatever they are.</summary>
    Skip,
    Boolean,
    Int,
    Long,
    Bytes,
    String,
    Enum,
    Record,
    Array,
    Map,
    Union,
}

/// <summary>One instruction of a compiled record, array, map or union.</summary>
/// <param name="Kind">The action.</param>
/// <param name="Size">The number of bytes to skip, or of symbols or branches to choose from.</param>
/// <param name="Node">The type; the first type if fields are merged.</param>
/// <param name="Field">The field's name; null for items and branches, unused if fields are merged.</param>
internal readonly record struct Step(StepKind Kind, int Size, LayoutNode Node, string? Field)
{
    /// <summary>Whether a scan notes the beginning of the value.</summary>
    public bool IsMarked { get; init; }

    /// <summary>In a scan: the number of records of varying size around the value.</summary>
    public int Depth { get; init; }

    /// <summary>Makes the instruction for one value of a type.</summary>
    /// <param name="node">The type.</param>
    /// <param name="field">The field's name, if the value is a field.</param>
    /// <param name="merge">True: a record of fixed size is one skip. False: it is entered, so that its fields can be named.</param>
    public static Step For(LayoutNode node, string? field, bool merge)
    {
        // A record without bytes is never entered: with sixty records that each hold two of the preceding one, it would be 2^60 steps.
        if (node.FixedSize is int size && (merge || size == 0 || node.Type != AvroType.Record))
            return new Step(StepKind.Skip, size, node, field);
        return node.Type switch
        {
            AvroType.Boolean => new Step(StepKind.Boolean, 0, node, field),
            AvroType.Int => new Step(StepKind.Int, 0, node, field),
            AvroType.Long => new Step(StepKind.Long, 0, node, field),
            AvroType.Bytes => new Step(StepKind.Bytes, 0, node, field),
            AvroType.String => new Step(StepKind.String, 0, node, field),
            AvroType.Enum => new Step(StepKind.Enum, node.Symbols.Count, node, field),
            AvroType.Record => new Step(StepKind.Record, 0, node, field),
            AvroType.Array => new Step(StepKind.Array, 0, node, field),
            AvroType.Map => new Step(StepKind.Map, 0, node, field),
            AvroType.Union => new Step(StepKind.Union, node.Branches.Count, node, field),
            _ => throw new InvalidOperationException($"{node.Type} has a fixed size"),
        };
    }

    /// <summary>Makes the instructions for the contents of a type.</summary>
    public static Step[] Inside(LayoutNode node, bool merge) => node.Type switch
    {
        AvroType.Record when merge => Merge(node.Fields.Select(field => For(field.Type, field.Name, merge))),
        AvroType.Record => [.. node.Fields.Select(field => For(field.Type, field.Name, merge))],
        AvroType.Array or AvroType.Map => [For(node.Items!, null, merge)],
        AvroType.Union => [.. node.Branches.Select(branch => For(branch, null, merge))],
        _ => [],
    };

    private static Step[] Merge(IEnumerable<Step> steps)
    {
        var merged = new List<Step>();
        foreach (var step in steps)
        {
            if (step is { Kind: StepKind.Skip, Size: 0 })
                continue;
            if (step.Kind == StepKind.Skip && merged.Count > 0 && merged[^1].Kind == StepKind.Skip)
                merged[^1] = merged[^1] with { Size = (int)Math.Min(int.MaxValue, (long)merged[^1].Size + step.Size) };
            else
                merged.Add(step);
        }
        return [.. merged];
    }
}
