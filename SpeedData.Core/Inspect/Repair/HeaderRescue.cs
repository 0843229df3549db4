using System.Globalization;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>A header that stands in for a damaged one.</summary>
/// <param name="Reader">Reads the file with it.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="IsProven">Whether it is the file's own, by the checksum in the index.</param>
internal sealed record RescuedHeader(ContainerReader Reader, byte[] Bytes, bool IsProven);

/// <summary>
/// Finds a header for a file whose own is damaged: the same with one byte changed back, the copy in the index, the schema that
/// was given, or the header of a file beside it. The checksum in the index proves the first two. The others are taken only if
/// the first whole block is records of their schema.
/// </summary>
internal sealed class HeaderRescue(IByteSource source, HeaderSources sources, FileReport found, CancellationToken stop)
{
    // Blocks that are tried until one is whole.
    private const int MostTrials = 16;

    // Codecs whose data cannot be mistaken come first.
    private static readonly string[] Codecs = ["zstandard", "snappy", "bzip2", "xz", "deflate", "null"];

    /// <returns>Null if the header is not damaged, or nothing can stand in for it.</returns>
    public RescuedHeader? Rescue()
    {
        ContainerReader? own = ContainerReader.Open(source, out ContainerFault? fault);
        string? wrong = own is null ? fault!.Why : new BlockCheck(own.Header).SchemaFault;
        bool isProvenWrong = sources.Index is { } index && (own is null || own.Header.Length != index.End || Crc32C.Append(0, own.Bytes(0, own.Header.Length)) != index.Crc);
        if (wrong is null && !isProvenWrong)
            return null;
        wrong ??= "it does not match its checksum in the index";
        if (Proven() is { } proven)
            return Told(proven.Header, wrong, proven.From);
        if (own is not null && isProvenWrong && new BlockCheck(own.Header).SchemaFault is null)
            return null;
        return Marker() is { } marker ? Likely(marker.Sync, marker.End, wrong) : null;
    }

    private (RescuedHeader Header, string From)? Proven()
    {
        if (sources.Index is not { } index || index.End > source.Length || index.End > HeaderReader.MaxLength)
            return null;
        byte[] bytes = new byte[index.End];
        source.Read(0, bytes);
        uint difference = Crc32C.Append(0, bytes) ^ index.Crc;
        if (SingleByteFix.Find(bytes, difference, repaired => Open(repaired, proven: true) is not null) is { } right)
            return (Open(right, proven: true)!, "one byte was changed back, which its checksum in the index proves");
        return index.Copy is { } copy && Crc32C.Append(0, copy) == index.Crc && Open(copy, proven: true) is { } header ? (header, "it was taken from the index, whose checksum proves it") : null;
    }

    private RescuedHeader? Likely(byte[] sync, long end, string wrong)
    {
        if (sources.GivenSchema is { } given)
        {
            foreach (string codec in Codecs)
            {
                if (Made([(ContainerHeader.SchemaKey, given.Text), (ContainerHeader.CodecKey, codec)], sync, end) is { } header)
                    return Told(header, wrong, $"it was rebuilt with the schema in {given.From}");
            }
        }

        foreach ((ContainerHeader sibling, string from) in sources.Siblings())
        {
            if (sibling.Schema is not { } schema)
                continue;
            List<(string, string)> metadata = [(ContainerHeader.SchemaKey, schema), (ContainerHeader.CodecKey, sibling.Codec)];
            if (sibling.Text("speeddata.channel") is { } channel)
                metadata.Add(("speeddata.channel", channel));
            if (sibling.Text(TimeField.HeaderKey) is { } time)
                metadata.Add((TimeField.HeaderKey, time));
            if (Made(metadata, sync, end) is { } header)
                return Told(header, wrong, $"it was rebuilt from that of {from}");
        }

        return null;
    }

    private RescuedHeader? Made(List<(string Key, string Value)> metadata, byte[] sync, long end)
    {
        if (sources.Index?.Channel is { } channel && metadata.TrueForAll(entry => entry.Key != "speeddata.channel"))
            metadata.Add(("speeddata.channel", channel));
        if (sources.Index?.Ordinal is { } ordinal)
            metadata.Add((IndexSchema.OrdinalKey, ordinal.ToString(CultureInfo.InvariantCulture)));
        byte[] bytes = ContainerHeader.Encode(metadata, sync);
        return Open(bytes, proven: false, end) is { } header && FitsABlock(header.Reader) ? header : null;
    }

    private RescuedHeader? Open(byte[] bytes, bool proven, long? end = null)
    {
        ContainerHeader? header = new HeaderReader(bytes).Read(isWhole: true, out _);
        bool fits = header is not null && header.Length == bytes.Length && new BlockCheck(header).SchemaFault is null;
        return fits ? new RescuedHeader(ContainerReader.Over(source, header! with { Length = (int)(end ?? bytes.Length) }), bytes, proven) : null;
    }

    /// <summary>Whether one of the first whole blocks is records of the schema, and nothing else.</summary>
    private bool FitsABlock(ContainerReader reader)
    {
        var check = new BlockCheck(reader.Header);
        var walk = new BlockWalk(reader, stop);
        for (int i = 0; check.LooksInside && i < MostTrials && walk.MoveNext(); i++)
        {
            if (walk.Current is { Fault: null } place && place.Frame.Records > 0 && check.Check(reader.Data(place.Frame), place.Frame.Records, out _).IsGood)
                return true;
        }

        return false;
    }

    /// <summary>The file's marker and where its first block begins: blocks end with the marker, and so does the header.</summary>
    private (byte[] Sync, long End)? Marker()
    {
        if (sources.Index is { } index && index.End <= source.Length)
            return (Bytes(index.End - ContainerHeader.SyncLength), index.End);
        byte[] last = Bytes(source.Length - ContainerHeader.SyncLength);
        var reader = ContainerReader.Over(source, new ContainerHeader(new Dictionary<string, byte[]>(), last, 0));
        long first = reader.FindSync(0, stop);
        return first >= 0 && first < source.Length - ContainerHeader.SyncLength ? (last, first + ContainerHeader.SyncLength) : null;
    }

    private byte[] Bytes(long at)
    {
        byte[] bytes = new byte[ContainerHeader.SyncLength];
        source.Read(Math.Max(0, at), bytes);
        return bytes;
    }

    private RescuedHeader Told(RescuedHeader header, string wrong, string from)
    {
        found.Findings.Add(FindingKind.BadHeader, 0, null, $"the header is damaged ({wrong}); {from}");
        return header;
    }
}
