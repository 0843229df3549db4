using System.Text;

namespace SpeedData.Tests.Schema;

/// <summary>Avro's binary encoding, written independently of the code under test.</summary>
internal static class Bytes
{
    public static byte[] Long(long value)
    {
        var bytes = new List<byte>();
        ulong raw = (ulong)((value << 1) ^ (value >> 63));
        for (; raw >= 0x80; raw >>= 7)
            bytes.Add((byte)(raw | 0x80));
        bytes.Add((byte)raw);
        return [.. bytes];
    }

    public static byte[] String(string text) => Sized(Encoding.UTF8.GetBytes(text));

    public static byte[] Sized(byte[] bytes) => [.. Long(bytes.Length), .. bytes];

    /// <summary>Encodes a block with a negative count and its size in bytes, which may be wrong.</summary>
    public static byte[] SizedBlock(int count, byte[] items, int? statedSize = null) =>
        [.. Long(-count), .. Long(statedSize ?? items.Length), .. items];
}
