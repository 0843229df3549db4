namespace SpeedData.Core.Schema;

/// <summary>A top-level int or long of a record, which can be read without decoding the rest. Immutable; any thread.</summary>
public sealed class IntegerField
{
    private readonly LayoutNode _before;

    internal IntegerField(RecordLayout layout, int index)
    {
        LayoutField field = layout.Root.Fields[index];
        Index = index;
        Name = field.Name;
        Bits = field.Type.Type == AvroType.Int ? 32 : 64;
        _before = new LayoutNode(AvroType.Record) { Fields = [.. layout.Root.Fields.Take(index)] };
        _before.Steps = Step.Inside(_before, merge: true);
    }

    /// <summary>The index among the record's fields.</summary>
    public int Index { get; }

    public string Name { get; }

    /// <summary>32 for an int, 64 for a long.</summary>
    public int Bits { get; }

    /// <returns>Null if the record has no int or long of that name.</returns>
    public static IntegerField? Find(RecordLayout layout, string name)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int index = layout.Root.Fields.ToList().FindIndex(field => field.Name == name && field.Type.Type is AvroType.Int or AvroType.Long);
        return index < 0 ? null : new IntegerField(layout, index);
    }

    /// <summary>Reads the field's value in a record. Ignores everything after the field. Allocates nothing.</summary>
    /// <returns>False if the bytes end or are invalid before the field's end.</returns>
    public bool TryRead(ReadOnlySpan<byte> record, out long value)
    {
        value = 0;
        var walk = new RecordWalk<NoTrace>(record, default);
        if (walk.Record(_before) != RecordFaultKind.None)
            return false;
        ReadOnlySpan<byte> rest = record[walk.Position..];
        int length = Varint.Measure(rest);
        if (length <= 0)
            return false;
        value = Varint.Decode(rest[..length]);
        return true;
    }
}
