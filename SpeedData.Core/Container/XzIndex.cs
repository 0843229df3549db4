using System.Buffers.Binary;
using System.IO.Hashing;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>A block of a .xz stream.</summary>
/// <param name="Stored">Its stored size in bytes, without the padding after it.</param>
/// <param name="Unpacked">Its unpacked size in bytes.</param>
internal readonly record struct XzBlock(long Stored, long Unpacked);

/// <summary>The index at the end of a .xz stream: the sizes of its blocks.</summary>
internal static class XzIndex
{
    private const int HeaderLength = 12, FooterLength = 12;

    /// <param name="stream">The whole stream.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="end">The position at which the blocks end.</param>
    /// <returns>False if the bytes do not end like a .xz stream.</returns>
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

    private static bool TryList(ReadOnlySpan<byte> index, List<XzBlock> blocks)
    {
        int at = 1;
        for (ulong count = Varint.ReadUnsigned(index, ref at); count > 0; count--)
            blocks.Add(new XzBlock((long)Varint.ReadUnsigned(index, ref at), (long)Varint.ReadUnsigned(index, ref at)));
        return index.Length - at < 4 && !index[at..].ContainsAnyExcept((byte)0);
    }
}
