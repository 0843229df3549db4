namespace SpeedData.Core.Schema;

/// <summary>
/// A record schema compiled for its binary encoding. It checks that bytes are a record, measures consecutive records, and explains
/// faults. Immutable; any number of threads at once.
/// </summary>
public sealed class RecordLayout
{
    /// <summary>The largest nesting depth of records, arrays and maps of varying size, including the record itself.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The most array items without bytes (nulls, empty records) in one record. Nine bytes can state 2^63 of them, which would hang or
    /// exhaust every reader of the archive that makes a value of each.
    /// </summary>
    public const int MaxEmptyItems = 65_536;

    /// <summary>The number at which <see cref="WholeRecords"/> stops counting.</summary>
    public const int MostWholeRecords = 1_000;

    private readonly int _fixedSize;

    internal RecordLayout(LayoutNode root)
    {
        Root = root;
        _fixedSize = root.FixedSize ?? -1;
    }

    /// <summary>The record's type, from which every field can be reached.</summary>
    public LayoutNode Root { get; }

    /// <summary>The size of every record if any bytes of that size are a record; null if they must be checked.</summary>
    public int? FixedSize => Root.FixedSize;

    /// <summary>The size of the smallest record in bytes; at least 1.</summary>
    public int MinSize => Root.MinSize;

    /// <summary>
    /// Checks that the datagram is exactly one record and nothing more. This is one comparison for a layout of fixed size, otherwise it
    /// takes time in proportion to the bytes. Whatever the bytes, it allocates and throws nothing.
    /// </summary>
    public RecordFaultKind Check(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length == _fixedSize)
            return RecordFaultKind.None;
        var fault = Measure(datagram, out int length);
        return fault == RecordFaultKind.None && length != datagram.Length ? RecordFaultKind.TrailingBytes : fault;
    }

    /// <summary>Measures the complete record at the start of the bytes. Other bytes may follow it. Allocates and throws nothing.</summary>
    /// <param name="bytes">Bytes that should begin with a record.</param>
    /// <param name="length">The size of the record in bytes; 0 if there is none.</param>
    public RecordFaultKind Measure(ReadOnlySpan<byte> bytes, out int length)
    {
        var walk = new RecordWalk<NoTrace>(bytes, default);
        var fault = walk.Record(Root);
        length = fault == RecordFaultKind.None ? walk.Position : 0;
        return fault;
    }

    /// <summary>
    /// Explains where and why the datagram is not exactly one record. Allocates; for reports, not for every datagram. The kind is always
    /// the same as that of <see cref="Check"/>.
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

    /// <summary>
    /// Counts consecutive complete records from the start, at most <see cref="MostWholeRecords"/>. Ignores the bytes after them.
    /// </summary>
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
