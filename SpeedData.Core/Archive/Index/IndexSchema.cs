using SpeedData.Core.Container;

namespace SpeedData.Core.Archive.Index;

/// <summary>
/// The schema of the index beside an archive. The index is itself an Avro object container file without a codec. It has one block
/// with one record for each block of the archive, in the same order.
/// </summary>
internal static class IndexSchema
{
    /// <summary>CRC-32C of the archive's header, in decimal.</summary>
    public const string HeaderCrcKey = "speeddata.archive.header.crc32c";

    /// <summary>A Base64 copy of the archive's header, so that a damaged header can be restored.</summary>
    public const string HeaderCopyKey = "speeddata.archive.header";

    /// <summary>In the archive's own header: the ordinal of its first record. A rebuilt index takes it from there.</summary>
    public const string OrdinalKey = "speeddata.ordinal";

    /// <summary>Name of the archive.</summary>
    public const string ArchiveKey = "speeddata.archive";

    /// <summary>The schema that is written today.</summary>
    public const string Text = UpToAddress + """{"name":"address","type":{"type":"fixed","name":"Address","size":16},"doc":"IPv6, or IPv4 as ::ffff:a.b.c.d; :: for all that were too many to be told apart."}""" + AfterAddress;

    /// <summary>The earlier schema, in which addresses were IPv4 as text. It can still be read.</summary>
    public const string TextOfIPv4Only = UpToAddress + """{"name":"address","type":"string"}""" + AfterAddress;

    private const string UpToAddress =
        """
        {"type":"record","name":"Block","namespace":"speeddata.index","doc":"A block of the archive beside this file.","fields":[
        {"name":"offset","type":"long","doc":"Where the block begins in the archive."},
        {"name":"bytes","type":"long","doc":"Its bytes, count, size and sync marker included."},
        {"name":"records","type":"long"},
        {"name":"ordinal","type":["null","long"],"doc":"Records archived by the channel before it, since the process began."},
        {"name":"received_first","type":["null",{"type":"long","logicalType":"timestamp-nanos"}],"doc":"When its first record came, by the kernel's clock."},
        {"name":"received_last","type":["null",{"type":"long","logicalType":"timestamp-nanos"}]},
        {"name":"device_first","type":["null",{"type":"long","logicalType":"timestamp-nanos"}],"doc":"The time field of its first record."},
        {"name":"device_last","type":["null",{"type":"long","logicalType":"timestamp-nanos"}]},
        {"name":"lost","type":["null","long"],"doc":"Datagrams known to be lost among its records and before them, back to the block before: dropped by the kernel or the full ring."},
        {"name":"dropped","type":["null",{"type":"record","name":"Dropped","fields":[
        {"name":"kernel","type":"long"},{"name":"invalid","type":"long"},{"name":"source_denied","type":"long"},{"name":"ring_full","type":"long"},{"name":"disk","type":"long"},{"name":"fault","type":"long"}]}],
        "doc":"Datagrams the channel had dropped when the block was written, since the process began."},
        {"name":"sources","type":{"type":"array","items":{"type":"record","name":"Source","fields":[
        """;

    private const string AfterAddress =
        """
        ,{"name":"port","type":"int"}]}},"doc":"Who sent its records."},
        {"name":"crc32c","type":"long","doc":"Of all its bytes."},
        {"name":"bursts","type":["null",{"type":"array","items":{"type":"record","name":"Burst","fields":[
        {"name":"after","type":"long","doc":"ns since the burst before it; of the first since received_first."},{"name":"records","type":"int"},{"name":"source","type":"int","doc":"Which of the sources, from 0."},{"name":"lost","type":"long","doc":"Datagrams known to be lost between the burst before it and this one."}]}}],
        "doc":"What came together, in order."}]}
        """;

    /// <summary>Makes an index's header.</summary>
    public static byte[] Header(string channel, string archiveName, ReadOnlySpan<byte> archiveHeader, ReadOnlySpan<byte> sync) => ContainerHeader.Encode(
        [
            (ContainerHeader.SchemaKey, Text),
            (ContainerHeader.CodecKey, "null"),
            ("speeddata.channel", channel),
            (ArchiveKey, archiveName),
            (HeaderCrcKey, Crc32C.Append(0, archiveHeader).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (HeaderCopyKey, Convert.ToBase64String(archiveHeader)),
        ],
        sync);
}
