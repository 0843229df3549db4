using System.Buffers.Binary;
using System.IO.Hashing;
using ICSharpCode.SharpZipLib.BZip2;
using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

/// <summary>Encodes block data in every codec that SpeedData reads, including those that it does not write.</summary>
internal static class ForeignCodec
{
    public static byte[] Encode(string codec, ReadOnlySpan<byte> plain)
    {
        if (codec == "bzip2")
            return Bzip2(plain.ToArray());
        if (codec == "xz")
            return Xz(plain);
        using IBlockCodec encoder = IBlockCodec.For(codec)!;
        BlockData data = encoder.Encode(new BlockData(plain, default));
        return [.. data.First, .. data.Second];
    }

    private static byte[] Bzip2(byte[] plain)
    {
        var packed = new MemoryStream();
        BZip2.Compress(new MemoryStream(plain), packed, isStreamOwner: false, level: 1);
        return packed.ToArray();
    }

    /// <summary>Makes one block of uncompressed LZMA2 chunks with CRC-32, from the description of the format.</summary>
    private static byte[] Xz(ReadOnlySpan<byte> plain)
    {
        byte[] flags = [0, 1];
        byte[] header = [2, 0, 0x21, 1, 0, 0, 0, 0];
        var body = new List<byte>();
        for (int at = 0; at < plain.Length;)
        {
            int count = Math.Min(1 << 16, plain.Length - at);
            body.AddRange([(byte)(at == 0 ? 1 : 2), (byte)((count - 1) >> 8), (byte)(count - 1), .. plain.Slice(at, count)]);
            at += count;
        }

        body.Add(0);
        byte[] block = [.. header, .. Crc(header), .. body];
        byte[] padding = new byte[(4 - (block.Length % 4)) % 4];
        byte[] number = [.. Number(block.Length + 4), .. Number(plain.Length)];
        byte[] index = [0, 1, .. number, .. new byte[(4 - ((2 + number.Length) % 4)) % 4]];
        byte[] backward = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(backward, ((index.Length + 4) / 4) - 1);
        return [0xFD, .. "7zXZ\0"u8, .. flags, .. Crc(flags), .. block, .. padding, .. Crc(plain), .. index, .. Crc(index), .. Crc([.. backward, .. flags]), .. backward, .. flags, .. "YZ"u8];
    }

    private static byte[] Crc(ReadOnlySpan<byte> bytes)
    {
        byte[] sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Crc32.HashToUInt32(bytes));
        return sum;
    }

    private static IEnumerable<byte> Number(long value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
