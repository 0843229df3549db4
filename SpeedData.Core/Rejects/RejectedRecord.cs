using System.Text;
using System.Text.Json;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Rejects;

/// <summary>The record of a refused datagram in a file.</summary>
internal static class RejectedRecord
{
    public const string Schema = """{"type":"record","name":"Rejected","namespace":"speeddata","doc":"A datagram that SpeedData refused.","fields":[{"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"},"doc":"When it came."},{"name":"source","type":"string","doc":"Who sent it: address and port."},{"name":"reason","type":"string","doc":"Why it was refused: invalid, or source_denied."},{"name":"detail","type":"string","doc":"What was wrong with it; empty for source_denied."},{"name":"lost_before","type":"long","doc":"Refused datagrams that were not kept before this one."},{"name":"datagram","type":"bytes","doc":"The datagram."}]}""";

    public const string Invalid = "invalid", SourceDenied = "source_denied";

    private static readonly byte[][] Details =
        [.. Enum.GetValues<RecordFaultKind>().Select(kind => kind == RecordFaultKind.None ? [] : Encoding.UTF8.GetBytes(JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString())))];

    public static void Write(EntryBuffer to, long timeNs, ReadOnlySpan<byte> source, DropReason reason, byte kind, long lostBefore, ReadOnlySpan<byte> datagram)
    {
        to.Long(timeNs);
        to.Text(source);
        to.Text(reason == DropReason.SourceDenied ? "source_denied"u8 : "invalid"u8);
        to.Text(Details[kind < Details.Length ? kind : 0]);
        to.Long(lostBefore);
        to.Text(datagram);
    }

    public static byte[] TextOf(SourceAddress source) => Encoding.UTF8.GetBytes(source.ToString());
}
