using SpeedData.Core.Schema;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>
/// The encoding of null in a field: a byte before the value, with the index of one of two branches. Other fields have no such byte.
/// </summary>
internal readonly record struct NullBranch
{
    private NullBranch(byte nullIndex, byte valueIndex)
    {
        IsThere = true;
        NullIndex = nullIndex;
        ValueIndex = valueIndex;
    }

    /// <summary>Whether the field may be null.</summary>
    public bool IsThere { get; }

    /// <summary>The encoded index of null.</summary>
    public byte NullIndex { get; }

    /// <summary>The encoded index of the other type.</summary>
    public byte ValueIndex { get; }

    /// <summary>The number of bytes before a value.</summary>
    public int Bytes => IsThere ? 1 : 0;

    // Indexes are zigzag varints: 0 is 0, 1 is 2.
    public static NullBranch Of(LayoutNode node) => node switch
    {
        { OrNull: null } => default,
        { Branches: [{ Type: AvroType.Null }, _] } => new NullBranch(0, 2),
        _ => new NullBranch(2, 0),
    };
}
