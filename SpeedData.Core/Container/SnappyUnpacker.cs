using System.Buffers.Binary;
using System.IO.Hashing;
using Snappier;

namespace SpeedData.Core.Container;

/// <summary>Avro's <c>snappy</c>: one raw snappy block, then the CRC-32 of what it means in four bytes, the highest first.</summary>
internal sealed class SnappyUnpacker(int most) : IUnpacker
{
    /// <summary>Three bytes can mean at most 64 (format_description.txt of snappy, "copies"); what claims more is not allocated.</summary>
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
