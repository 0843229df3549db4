using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>The part of a cut-off last block that could be saved.</summary>
/// <param name="Block">A block with the complete records; empty if there are none.</param>
/// <param name="Records">The number of complete records.</param>
/// <param name="Rest">Bytes at the end of the file that belong to no record.</param>
/// <param name="Why">Why those bytes belong to no record.</param>
internal sealed record RecoveredBlock(byte[] Block, long Records, long Rest, string Why)
{
    public static RecoveredBlock Nothing(long rest, string why) => new([], 0, rest, why);
}

/// <summary>
/// Saves every complete record of a torn last block and nothing else. It stops at the first page of zeros, because zeros decode as
/// records.
/// </summary>
/// <param name="header">The file's header.</param>
/// <param name="layout">The layout of the records; null if the schema cannot be used.</param>
internal sealed class TornBlock(ContainerHeader header, RecordLayout? layout)
{
    // Saved records are written with the file's codec.
    private readonly BlockDecoder? _decoder = IBlockCodec.IsWritten(header.Codec) ? BlockDecoder.For(header.Codec) : null;

    /// <param name="frame">The block's framing.</param>
    /// <param name="data">The available part of the block's data, and everything after it up to the end of the file.</param>
    /// <param name="fileLength">The length of the file.</param>
    public RecoveredBlock Save(in BlockFrame frame, ReadOnlySpan<byte> data, long fileLength)
    {
        long whole = fileLength - frame.Offset;
        if (layout is null || _decoder is null || frame.Records == 0)
            return RecoveredBlock.Nothing(whole, layout is null ? "its schema cannot be used" : _decoder is null ? $"its codec {header.Codec} is not supported" : "it states no records");
        // Searches beyond the data too, because the last page extends beyond the data.
        int written = ZeroPages.First(data, frame.DataOffset, fileLength);
        ReadOnlySpan<byte> present = data[..(int)Math.Min(written, frame.DataLength)];
        _decoder.Decode(present, out ReadOnlySpan<byte> decoded);
        RecordCount found = RecordCount.Of(layout, decoded, frame.Records);
        if (found.Records == 0)
            return RecoveredBlock.Nothing(whole, $"it has no whole record ({found.Fault})");
        byte[] block = Encode(decoded[..found.Length], found.Records);
        return new RecoveredBlock(block, found.Records, Rest(frame, data, found, fileLength), $"{found.Records:N0} of its {frame.Records:N0} records were whole");
    }

    /// <summary>
    /// Returns the bytes to move aside. In a compressed block the bytes after the complete records cannot be separated, so all are
    /// kept.
    /// </summary>
    private long Rest(in BlockFrame frame, ReadOnlySpan<byte> data, in RecordCount found, long fileLength)
    {
        bool complete = found.Records == frame.Records;
        if (!_decoder!.IsPlain && !complete)
            return fileLength - frame.Offset;
        int used = _decoder.IsPlain ? found.Length : (int)Math.Min(data.Length, frame.DataLength);
        ReadOnlySpan<byte> rest = data[used..];
        // The beginning of the sync marker, or pages that were never written: dropping them loses nothing.
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
