using System.Buffers.Binary;
using System.IO.Hashing;
using Snappier;

namespace SpeedData.Core.Container;

/// <summary>
/// Avro's <c>snappy</c>: one raw snappy block, then the big-endian CRC-32 of the decoded data in four bytes.
/// </summary>
internal sealed class SnappyUnpacker(int most) : IUnpacker
{
    /// <summary>
    /// Three bytes decode to at most 64 (format_description.txt of snappy, "copies"). A block that claims more gets no memory.
    /// </summary>
    private const int MostPerByte = 22;

    public DecodeOutcome Unpack(ReadOnlySpan<byte> stored, int singlyFrom, DecodeBuffer into, out int piece)
    {
        piece = stored.Length;
        if (stored.Length <= sizeof(uint))
            return DecodeOutcome.Truncated;
        ReadOnlySpan<byte> block = stored[..^sizeof(uint)];
        try
        {
            int claimed = Snappy.GetUncompressedLength(block);
            if (claimed > (long)MostPerByte * block.Length)
                return DecodeOutcome.Corrupt;
            if (claimed > most)
                return DecodeOutcome.TooLarge;
            if (!Snappy.TryDecompress(block, into.Room(claimed), out int written) || written != claimed)
                return DecodeOutcome.Corrupt;
            into.Add(written);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException)
        {
            return DecodeOutcome.Corrupt;
        }

        return Crc32.HashToUInt32(into.Bytes) == BinaryPrimitives.ReadUInt32BigEndian(stored[^sizeof(uint)..]) ? DecodeOutcome.Whole : DecodeOutcome.Corrupt;
    }
}
