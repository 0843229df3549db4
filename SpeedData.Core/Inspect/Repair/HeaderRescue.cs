using System.Globalization;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>A header that replaces a damaged one.</summary>
/// <param name="Reader">Reads the file with this header.</param>
/// <param name="Bytes">The complete header.</param>
/// <param name="IsProven">Whether the checksum in the index proves that this is the original header.</param>
/// <param name="Start">The file's first block.</param>
internal sealed record RescuedHeader(ContainerReader Reader, byte[] Bytes, bool IsProven, FirstBlock Start)
{
    /// <summary>The real offset of the blocks minus their offset in the index: negative if the header lost bytes.</summary>
    public long Shift { get; init; }
}

/// <summary>
/// Finds a header for a file with a damaged one: the same with one byte corrected, the copy in the index, one with the given schema, or the
/// header of another file in the folder. The checksum in the index proves the first two. The others are used only if the records of an
/// intact block match their schema.
/// </summary>
internal sealed class HeaderRescue(IByteSource source, HeaderSources sources, FileReport found, CancellationToken stop)
{
    // The most blocks that are tried until an intact one is found.
    private const int MostTrials = 16;

    // Codecs with unmistakable data come first.
    private static readonly string[] Codecs = ["zstandard", "snappy", "bzip2", "xz", "deflate", "null"];

    /// <returns>Null if the header is intact, or no replacement was found.</returns>
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
        return Marker() is { } sync ? Likely(sync, wrong) : null;
    }

    private (RescuedHeader Header, string From)? Proven()
    {
        if (sources.Index is not { } index || index.End > HeaderReader.MaxLength)
            return null;
        byte[] bytes = new byte[Math.Min(index.End, source.Length)];
        source.Read(0, bytes);
        uint difference = Crc32C.Append(0, bytes) ^ index.Crc;
        if (bytes.Length == index.End && SingleByteFix.Find(bytes, difference, repaired => Open(repaired, proven: true) is not null) is { } right)
            return (Open(right, proven: true)!, "one byte was changed back, which its checksum in the index proves");
        return index.Copy is { } copy && Crc32C.Append(0, copy) == index.Crc && Open(copy, proven: true) is { } header ? (header, "it was taken from the index, whose checksum proves it") : null;
    }

    private RescuedHeader? Likely(byte[] sync, string wrong)
    {
        if (sources.GivenSchema is { } given)
        {
            foreach (string codec in Codecs)
            {
                if (Made([(ContainerHeader.SchemaKey, given.Text), (ContainerHeader.CodecKey, codec)], sync) is { } header)
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
            if (Made(metadata, sync) is { } header)
                return Told(header, wrong, $"it was rebuilt from that of {from}");
        }

        return null;
    }

    private RescuedHeader? Made(List<(string Key, string Value)> metadata, byte[] sync)
    {
        if (sources.Index?.Channel is { } channel && metadata.TrueForAll(entry => entry.Key != "speeddata.channel"))
            metadata.Add(("speeddata.channel", channel));
        if (sources.Index?.Ordinal is { } ordinal)
            metadata.Add((IndexSchema.OrdinalKey, ordinal.ToString(CultureInfo.InvariantCulture)));
        byte[] bytes = ContainerHeader.Encode(metadata, sync);
        return Open(bytes, proven: false) is { } header && FitsABlock(header.Reader) ? header : null;
    }

    private RescuedHeader? Open(byte[] bytes, bool proven)
    {
        ContainerHeader? header = new HeaderReader(bytes).Read(isWhole: true, out _);
        if (header is null || header.Length != bytes.Length || new BlockCheck(header).SchemaFault is not null)
            return null;
        FirstBlock start = FirstBlock.Find(source, header, sources.Index?.End, stop);
        return new RescuedHeader(ContainerReader.Over(source, header with { Length = (int)start.Offset }), bytes, proven, start) { Shift = sources.Index is { } index ? start.Offset - index.End : 0 };
    }

    /// <summary>Whether the data of one of the first intact blocks consists exactly of records of the schema.</summary>
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

    /// <summary>
    /// Returns the sync marker that ends each block. If the file ends inside a block, the index gives the marker's position.
    /// </summary>
    private byte[]? Marker()
    {
        byte[] last = Bytes(source.Length - ContainerHeader.SyncLength);
        var reader = ContainerReader.Over(source, new ContainerHeader(new Dictionary<string, byte[]>(), last, 0));
        bool isMarker = reader.FindSync(0, stop) is >= 0 and var first && first < source.Length - ContainerHeader.SyncLength;
        return isMarker ? last : sources.Index is { } index && index.End <= source.Length ? Bytes(index.End - ContainerHeader.SyncLength) : null;
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
