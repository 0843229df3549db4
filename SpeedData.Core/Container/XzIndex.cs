using System.Buffers.Binary;
using System.IO.Hashing;

namespace SpeedData.Core.Container;

/// <summary>A block of a .xz stream.</summary>
/// <param name="Stored">Its bytes without the padding behind it.</param>
/// <param name="Unpacked">What they mean, in bytes.</param>
internal readonly record struct XzBlock(long Stored, long Unpacked);

/// <summary>The end of a .xz stream, which says of which blocks it is made.</summary>
internal static class XzIndex
{
    private const int HeaderLength = 12, FooterLength = 12;

    /// <param name="stream">All of it.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="end">Where they end.</param>
    /// <returns>False where the bytes do not end as a stream does.</returns>
    public static bool TryRead(ReadOnlySpan<byte> stream, out List<XzBlock> blocks, out int end)
    {
        (blocks, end) = ([], 0);
        if (stream.Length < HeaderLength + FooterLength)
            return false;
        ReadOnlySpan<byte> footer = stream[^FooterLength..];
        if (!footer[10..].SequenceEqual("YZ"u8) || BinaryPrimitives.ReadUInt32LittleEndian(footer) != Crc32.HashToUInt32(footer[4..10]) || !footer[8..10].SequenceEqual(stream[6..8]))
            return false;
        long length = (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4;
        if (length > stream.Length - HeaderLength - FooterLength)
            return false;
        end = stream.Length - FooterLength - (int)length;
        ReadOnlySpan<byte> index = stream[end..^FooterLength];
        return index[0] == 0 && BinaryPrimitives.ReadUInt32LittleEndian(index[^4..]) == Crc32.HashToUInt32(index[..^4]) && TryList(index[..^4], blocks);
    }

    /// <summary>A number of seven bits a byte, the lowest first.</summary>
    public static long Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = bytes[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("the number has more than nine bytes");
    }

    private static bool TryList(ReadOnlySpan<byte> index, List<XzBlock> blocks)
    {
        int at = 1;
        for (long count = Number(index, ref at); count > 0; count--)
            blocks.Add(new XzBlock(Number(index, ref at), Number(index, ref at)));
        return index.Length - at < 4 && !index[at..].ContainsAnyExcept((byte)0);
    }
}
