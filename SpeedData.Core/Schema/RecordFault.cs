namespace SpeedData.Core.Schema;

/// <summary>Why bytes are not a record of a schema.</summary>
public enum RecordFaultKind : byte
{
    /// <summary>A valid record.</summary>
    None,

    /// <summary>The bytes end inside a value.</summary>
    Truncated,

    /// <summary>The record is complete, but bytes follow it.</summary>
    TrailingBytes,

    /// <summary>A variable-length integer of more than 64 bits, or one padded beyond its shortest form.</summary>
    VarintTooLong,

    /// <summary>An int of more than 32 bits.</summary>
    IntOutOfRange,

    /// <summary>A string, bytes value, map key or block with a length below 0.</summary>
    NegativeLength,

    /// <summary>A string, bytes value, map key or block longer than the bytes that are left.</summary>
    LengthTooLarge,

    /// <summary>More items in a block of an array or map than the bytes that are left can hold, or too many items of no bytes.</summary>
    CountTooLarge,

    /// <summary>An enum index without a symbol.</summary>
    BadEnumIndex,

    /// <summary>A union index without a branch.</summary>
    BadUnionIndex,

    /// <summary>A boolean that is neither 0 nor 1.</summary>
    BadBoolean,

    /// <summary>A string or map key that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>Values nested deeper than <see cref="RecordLayout.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>A block of an array or map whose items take more or fewer bytes than it states.</summary>
    BlockSizeMismatch,
}

/// <summary>The place of a failed check and the reason.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="FieldPath">The field, as in <c>items[3].name</c> or <c>limits["low"]</c>; empty for the record as a whole.</param>
/// <param name="Offset">
/// The offset in the datagram of the wrong value, length, count or index. For <see cref="RecordFaultKind.InvalidUtf8"/> the first
/// byte that is not UTF-8, for <see cref="RecordFaultKind.TrailingBytes"/> the first byte too many.
/// </param>
/// <param name="Reason">The reason in one line for a person.</param>
public readonly record struct RecordFault(RecordFaultKind Kind, string FieldPath, int Offset, string Reason)
{
    /// <summary>The result of a check that found no fault.</summary>
    public static RecordFault None { get; } = new(RecordFaultKind.None, "", 0, "a valid record");
}
