using System.Runtime.CompilerServices;
using System.Text.Unicode;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Rejects;

/// <summary>Recognises common mistakes of senders and suggests how to fix them.</summary>
internal static class SenderHints
{
    private const int RegistryHeader = 5;
    private const int SingleObjectHeader = 10;
    private const int MostNames = 8;

    // Usual sizes of a header (a length, an id, a counter) before a record. With other sizes, bytes would often fit the schema by chance.
    private static readonly int[] Headers = [1, 2, 4, 8, 12, 16];

    // Compiled once for each layout, and freed with it.
    private static readonly ConditionalWeakTable<RecordLayout, LayoutVariants> Variants = [];

    /// <summary>Returns what the datagram looks like and how to fix the sender, most specific first; empty for a valid record.</summary>
    public static IReadOnlyList<string> For(ReadOnlyMemory<byte> datagram, RecordLayout layout)
    {
        ReadOnlySpan<byte> bytes = datagram.Span;
        if (bytes.IsEmpty)
            return ["an empty datagram: the sender sends nothing"];
        RecordFaultKind fault = layout.Check(bytes);
        if (fault == RecordFaultKind.None)
            return [];
        // If the datagram has a known wrapping, any other match is chance.
        List<string> hints = OfEnvelope(bytes, layout);
        if (hints.Count > 0)
            return hints;
        return [.. OfFields(bytes, layout), .. OfBytesAround(bytes, layout), OfPlace(fault, layout)];
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
        if (LooksLikeText(bytes))
            hints.Add((bytes[0] is (byte)'{' or (byte)'[' ? "JSON text" : "readable text") + ": send the record in Avro's binary encoding");
        return hints;
    }

    private static List<string> OfFields(ReadOnlySpan<byte> bytes, RecordLayout layout)
    {
        LayoutVariants variants = Variants.GetValue(layout, static l => new LayoutVariants(l));
        var hints = new List<string>();
        if (variants.HasFixedIntegers(bytes))
            hints.Add("integers of fixed width, 8 bytes for a long and 4 for an int, as in a C struct: Avro writes both as zig-zag variable-length integers");
        if (variants.HasFloats(bytes))
            hints.Add("float, 4 bytes, where the schema says double, 8 bytes");
        IReadOnlyList<string> lacked = variants.LackedFields(bytes);
        if (lacked.Count == 1)
            hints.Add($"a whole record except for field '{lacked[0]}': the sender's schema lacks it");
        else if (lacked.Count > 1)
            hints.Add($"a whole record except for one of {Names(lacked)}: the sender's schema lacks one of these fields");
        return hints;
    }

    private static List<string> OfBytesAround(ReadOnlySpan<byte> bytes, RecordLayout layout)
    {
        var hints = new List<string>();
        int header = 0;
        foreach (int size in Headers)
            header = header == 0 && Fits(bytes, size, layout) ? size : header;
        if (header > 0)
            hints.Add($"a whole record from byte {header} on: if the sender puts a header before it (a length, an id), send the record without those {header} bytes");
        if (layout.Measure(bytes, out int first) != RecordFaultKind.None)
            return hints;
        int records = layout.WholeRecords(bytes);
        hints.Add(records > 1
            ? $"{records} whole records in one datagram: send one record per datagram"
            : $"a whole record of {first} bytes and {bytes.Length - first} more: the sender's schema has fields that the channel's lacks, or something is appended");
        return hints;
    }

    /// <summary>Returns how to interpret field and offset, since the encoding has neither names nor types.</summary>
    private static string OfPlace(RecordFaultKind fault, RecordLayout layout)
    {
        string size = layout.FixedSize is { } bytes ? $"; every record of this schema takes {bytes} bytes" : "";
        return (fault switch
        {
            RecordFaultKind.TrailingBytes => "the datagram is longer than the record",
            RecordFaultKind.Truncated => "the datagram ends inside the record: the sender cut it off, or an earlier field is missing or shorter than in the schema",
            _ => "the bytes have no names or types, so the mistake may be in an earlier field: compare what the sender writes with the schema, from the first byte on",
        }) + size;
    }

    private static string Names(IReadOnlyList<string> fields)
    {
        string names = string.Join(", ", fields.Take(MostNames).Select(field => $"'{field}'"));
        return fields.Count > MostNames ? $"{names} and {fields.Count - MostNames} others" : names;
    }

    private static string Behind(ReadOnlySpan<byte> bytes, int header, RecordLayout layout) =>
        Fits(bytes, header, layout) ? "; what follows them is a valid record" : "";

    private static bool Fits(ReadOnlySpan<byte> bytes, int header, RecordLayout layout) =>
        bytes.Length > header && layout.Check(bytes[header..]) == RecordFaultKind.None;

    // A few printable bytes may be chance, so short datagrams do not count as text.
    private static bool LooksLikeText(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 8 && !bytes.ContainsAnyInRange((byte)0, (byte)8) && !bytes.ContainsAnyInRange((byte)14, (byte)31) && Utf8.IsValid(bytes);
}
