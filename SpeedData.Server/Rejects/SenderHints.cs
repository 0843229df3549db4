using SpeedData.Core.Schema;

namespace SpeedData.Server.Rejects;

/// <summary>Recognises what senders commonly get wrong, and says what would be right.</summary>
internal static class SenderHints
{
    private const int RegistryHeader = 5;
    private const int SingleObjectHeader = 10;

    public static IEnumerable<string> For(ReadOnlyMemory<byte> datagram, RecordLayout layout)
    {
        ReadOnlySpan<byte> bytes = datagram.Span;
        if (bytes.IsEmpty)
            return ["an empty datagram: the sender sends nothing"];
        if (layout.Check(bytes) == RecordFaultKind.None)
            return [];
        return [.. OfEnvelope(bytes, layout).Concat(OfRecords(bytes, layout))];
    }

    private static List<string> OfEnvelope(ReadOnlySpan<byte> bytes, RecordLayout layout)
    {
        var hints = new List<string>();
        if (bytes.StartsWith("Obj\u0001"u8))
            hints.Add("an Avro object container file: send the bare record in binary encoding, without a file around it");
        // Avro specification 1.12, "Single-object encoding": C3 01, then the schema's 8-byte fingerprint.
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xC3, 0x01]))
            hints.Add("Avro single-object encoding: send the record without the 10 bytes of marker and fingerprint before it" + Behind(bytes, SingleObjectHeader, layout));
        if (bytes[0] == 0 && Fits(bytes, RegistryHeader, layout))
            hints.Add("a schema registry's header (0 and a 4-byte schema id) before the record: send the record without these 5 bytes");
        if (bytes[0] is (byte)'{' or (byte)'[' && LooksLikeText(bytes))
            hints.Add("JSON text: send the record in Avro's binary encoding");
        return hints;
    }

    private static List<string> OfRecords(ReadOnlySpan<byte> bytes, RecordLayout layout)
    {
        var hints = new List<string>();
        if (layout.Measure(bytes, out int first) != RecordFaultKind.None)
            return hints;
        int records = layout.WholeRecords(bytes);
        if (records > 1)
            hints.Add($"{records} whole records in one datagram: send one record per datagram");
        else
            hints.Add($"a whole record of {first} bytes and {bytes.Length - first} more: the sender's schema has fields that the channel's lacks, or something is appended");
        return hints;
    }

    private static string Behind(ReadOnlySpan<byte> bytes, int header, RecordLayout layout) =>
        Fits(bytes, header, layout) ? "; what follows them is a valid record" : "";

    private static bool Fits(ReadOnlySpan<byte> bytes, int header, RecordLayout layout) =>
        bytes.Length > header && layout.Check(bytes[header..]) == RecordFaultKind.None;

    private static bool LooksLikeText(ReadOnlySpan<byte> bytes) =>
        !bytes.ContainsAnyInRange((byte)0, (byte)8) && System.Text.Unicode.Utf8.IsValid(bytes);
}
