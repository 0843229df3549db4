using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>What could be saved of a block that the end of the file cuts off.</summary>
/// <param name="Block">A block with the whole records; empty if there are none.</param>
/// <param name="Records">How many.</param>
/// <param name="Rest">Bytes at the end of the file that belong to no record.</param>
/// <param name="Why">Why they belong to none.</param>
internal sealed record RecoveredBlock(byte[] Block, long Records, long Rest, string Why)
{
    public static RecoveredBlock Nothing(long rest, string why) => new([], 0, rest, why);
}

/// <summary>
/// Saves every whole record of a torn last block and nothing else: it stops at the first page of zeros, since zeros decode as
/// records.
/// </summary>
/// <param name="header">The file's.</param>
/// <param name="layout">Of its records; null if its schema cannot be used.</param>
internal sealed class TornBlock(ContainerHeader header, RecordLayout? layout)
{
    // What is saved of a block is written in the file's codec.
    private readonly BlockDecoder? _decoder = IBlockCodec.IsWritten(header.Codec) ? BlockDecoder.For(header.Codec) : null;

    /// <param name="frame">The block's framing.</param>
    /// <param name="data">What there is of its data, and everything behind it to the end of the file.</param>
    /// <param name="fileLength">Where the file ends.</param>
    public RecoveredBlock Save(in BlockFrame frame, ReadOnlySpan<byte> data, long fileLength)
    {
        long whole = fileLength - frame.Offset;
        if (layout is null || _decoder is null || frame.Records == 0)
            return RecoveredBlock.Nothing(whole, layout is null ? "its schema cannot be used" : _decoder is null ? $"its codec {header.Codec} is not supported" : "it states no records");
        // Searched beyond the data too, because the data's last page is longer than the data.
        int written = ZeroPages.First(data, frame.DataOffset, fileLength);
        ReadOnlySpan<byte> present = data[..(int)Math.Min(written, frame.DataLength)];
        _decoder.Decode(present, out ReadOnlySpan<byte> decoded);
        RecordCount found = RecordCount.Of(layout, decoded, frame.Records);
        if (found.Records == 0)
            return RecoveredBlock.Nothing(whole, $"it has no whole record ({found.Fault})");
        byte[] block = Encode(decoded[..found.Length], found.Records);
        return new RecoveredBlock(block, found.Records, Rest(frame, data, found, fileLength), $"{found.Records:N0} of its {frame.Records:N0} records were whole");
    }

    /// <summary>In a compressed block the bytes after the whole records cannot be separated, so all of them are kept.</summary>
    private long Rest(in BlockFrame frame, ReadOnlySpan<byte> data, in RecordCount found, long fileLength)
    {
        bool complete = found.Records == frame.Records;
        if (!_decoder!.IsPlain && !complete)
            return fileLength - frame.Offset;
        int used = _decoder.IsPlain ? found.Length : (int)Math.Min(data.Length, frame.DataLength);
        ReadOnlySpan<byte> rest = data[used..];
        // The beginning of the sync marker, or pages that were never written: nothing is lost with them.
        bool isMarker = complete && header.Sync.AsSpan().StartsWith(rest);
        return isMarker || !rest.ContainsAnyExcept((byte)0) ? 0 : fileLength - frame.DataOffset - used;
    }

    private byte[] Encode(ReadOnlySpan<byte> records, long count)
    {
        using IBlockCodec codec = IBlockCodec.For(header.Codec)!;
        BlockData data = codec.Encode(new BlockData(records, default));
        var numbers = new byte[BlockFrame.MaxNumbers];
        int length = BlockFrame.WriteNumbers(numbers, count, data.Length);
        return [.. numbers.AsSpan(0, length), .. data.First, .. data.Second, .. header.Sync];
    }
}
