using System.Globalization;
using System.Text;

namespace SpeedData.Core.Schema;

/// <summary>Describes a fault from the bytes at its offset.</summary>
internal static class FaultReason
{
    private const int MostBytesShown = 10;

    public static RecordFault Trailing(int length, int end) =>
        new(RecordFaultKind.TrailingBytes, "", end, $"the record ends after {Count(end, "byte")} and {length - end} more follow; one datagram holds one record");

    public static RecordFault For(RecordFaultKind kind, PathTrace trace, ReadOnlySpan<byte> datagram, int at)
    {
        var node = trace.Node;
        var rest = datagram[at..];
        if (kind == RecordFaultKind.InvalidUtf8)
            return NotUtf8(trace.Path, datagram, at);
        return new RecordFault(kind, trace.Path, at, kind switch
        {
            RecordFaultKind.Truncated => Truncated(node, rest.Length),
            RecordFaultKind.VarintTooLong => $"the variable-length integer {Hex(rest)} is longer than its shortest form or than 64 bits",
            RecordFaultKind.IntOutOfRange => $"{Value(rest)} does not fit an int of 32 bits",
            RecordFaultKind.NegativeLength => $"its length is {Value(rest)}",
            RecordFaultKind.LengthTooLarge => $"its length is {Value(rest)}, but only {Left(rest)} left",
            RecordFaultKind.CountTooLarge => CountTooLarge(node, rest),
            RecordFaultKind.BadEnumIndex => $"index {Value(rest)}, but enum '{node?.FullName}' has {Count(node!.Symbols.Count, "symbol")}",
            RecordFaultKind.BadUnionIndex => $"index {Value(rest)}, but the union has {Count(node!.Branches.Count, "branch", "branches")}",
            RecordFaultKind.BadBoolean => $"a boolean is 0 or 1, this one is {rest[0]}",
            RecordFaultKind.TooDeep => $"values nest deeper than {RecordLayout.MaxDepth}",
            RecordFaultKind.BlockSizeMismatch => $"the block states {Count(Second(rest), "byte")} for its {Count(-Value(rest), "item")}, but they take a different number",
            _ => kind.ToString(),
        });
    }

    private static string Truncated(LayoutNode? node, int left)
    {
        string type = node is null ? "record" : TypeName(node);
        return node?.FixedSize is int size
            ? $"{type} takes {Count(size, "byte")}, {(left == 1 ? "1 is" : $"{left} are")} left"
            : $"the datagram ends inside {type}";
    }

    private static string CountTooLarge(LayoutNode? node, ReadOnlySpan<byte> rest) =>
        node is { Type: AvroType.Array, Items.MinSize: 0 }
            ? $"{Items(rest)} items of no bytes; one record may have at most {RecordLayout.MaxEmptyItems}"
            : $"a block of {Items(rest)} items, but only {Left(rest)} left";

    // A negative count is followed by the block's size. The smallest long has no positive counterpart.
    private static string Items(ReadOnlySpan<byte> rest) => Value(rest).ToString(CultureInfo.InvariantCulture).TrimStart('-');

    private static RecordFault NotUtf8(string path, ReadOnlySpan<byte> datagram, int at)
    {
        var rest = datagram[at..];
        int lead = Varint.Measure(rest);
        var text = rest.Slice(lead, (int)Value(rest));
        int good = 0;
        while (Rune.DecodeFromUtf8(text[good..], out _, out int taken) == System.Buffers.OperationStatus.Done)
            good += taken;
        int offset = at + lead + good;
        return new RecordFault(RecordFaultKind.InvalidUtf8, path, offset, $"not UTF-8: byte {good} of a text of {text.Length} is 0x{text[good]:X2}");
    }

    private static string TypeName(LayoutNode node) =>
        node.FullName is null ? node.Type.ToString().ToLowerInvariant() : $"{node.Type.ToString().ToLowerInvariant()} '{node.FullName}'";

    private static long Value(ReadOnlySpan<byte> rest) => Varint.Decode(rest[..Varint.Measure(rest)]);

    private static long Second(ReadOnlySpan<byte> rest) => Value(rest[Varint.Measure(rest)..]);

    private static string Left(ReadOnlySpan<byte> rest)
    {
        int left = rest.Length - Varint.Measure(rest);
        return left == 1 ? "1 byte is" : $"{left} bytes are";
    }

    private static string Hex(ReadOnlySpan<byte> rest) => "0x" + Convert.ToHexString(rest[..Math.Min(rest.Length, MostBytesShown)]);

    private static string Count(long count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}
