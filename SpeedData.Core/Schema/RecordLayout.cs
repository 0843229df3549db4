namespace SpeedData.Core.Schema;

/// <summary>
/// A record schema compiled for its binary encoding: checks that bytes are a record, measures records that follow each
/// other, and explains what is wrong. Immutable; any thread, any number at once.
/// </summary>
public sealed class RecordLayout
{
    /// <summary>How deep records, arrays and maps whose size varies may lie within each other, the record itself included.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// How many array items of no bytes (nulls, empty records) one record may hold. Nine bytes can state 2^63 of them, which
    /// would hang or exhaust every reader of the archive that makes a value of each.
    /// </summary>
    public const int MaxEmptyItems = 65_536;

    /// <summary>Where <see cref="WholeRecords"/> stops counting.</summary>
    public const int MostWholeRecords = 1_000;

    private readonly int _fixedSize;

    internal RecordLayout(LayoutNode root)
    {
        Root = root;
        _fixedSize = root.FixedSize ?? -1;
    }

    /// <summary>The record's type, from which every field can be found.</summary>
    public LayoutNode Root { get; }

    /// <summary>Bytes of every record, where any bytes of that number are a record; null if they must be looked at.</summary>
    public int? FixedSize => Root.FixedSize;

    /// <summary>Bytes of the smallest record; at least 1.</summary>
    public int MinSize => Root.MinSize;

    /// <summary>
    /// Whether the datagram is exactly one record and nothing more. One comparison where the layout has a fixed size, else
    /// time in proportion to the bytes. Allocates nothing and throws nothing whatever the bytes.
    /// </summary>
    public RecordFaultKind Check(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length == _fixedSize)
            return RecordFaultKind.None;
        var fault = Measure(datagram, out int length);
        return fault == RecordFaultKind.None && length != datagram.Length ? RecordFaultKind.TrailingBytes : fault;
    }

    /// <summary>Measures the whole record that the bytes begin with; other bytes may follow it. Allocates and throws nothing.</summary>
    /// <param name="bytes">Bytes that should begin with a record.</param>
    /// <param name="length">The record's bytes; 0 if there is none.</param>
    public RecordFaultKind Measure(ReadOnlySpan<byte> bytes, out int length)
    {
        var walk = new RecordWalk<NoTrace>(bytes, default);
        var fault = walk.Record(Root);
        length = fault == RecordFaultKind.None ? walk.Position : 0;
        return fault;
    }

    /// <summary>
    /// Says where and why the datagram is not exactly one record. Allocates; for reports, not for every datagram.
    /// Its kind is always that of <see cref="Check"/>.
    /// </summary>
    public RecordFault Explain(ReadOnlySpan<byte> datagram)
    {
        var trace = new PathTrace();
        var walk = new RecordWalk<PathTrace>(datagram, trace);
        var kind = walk.Record(Root);
        if (kind != RecordFaultKind.None)
            return FaultReason.For(kind, trace, datagram, walk.Position);
        return walk.Position == datagram.Length ? RecordFault.None : FaultReason.Trailing(datagram.Length, walk.Position);
    }

    /// <summary>How many whole records follow one another from the start, at most <see cref="MostWholeRecords"/>; what comes after them is not looked at.</summary>
    public int WholeRecords(ReadOnlySpan<byte> bytes)
    {
        int records = 0;
        while (records < MostWholeRecords && Measure(bytes, out int length) == RecordFaultKind.None)
        {
            records++;
            bytes = bytes[length..];
        }
        return records;
    }
}
