namespace SpeedData.Core.Archive;

/// <summary>Avro's binary long: zig-zag, then seven bits a byte, the low ones first (Avro 1.12, "Binary Encoding").</summary>
internal static class AvroVarint
{
    /// <summary>Bytes of the longest.</summary>
    public const int MaxLength = 10;

    /// <returns>Bytes written, 1 to <see cref="MaxLength"/>.</returns>
    public static int Write(Span<byte> to, long value)
    {
        ulong bits = (ulong)((value << 1) ^ (value >> 63));
        int length = 0;
        for (; bits >= 0x80; bits >>= 7)
            to[length++] = (byte)(bits | 0x80);
        to[length++] = (byte)bits;
        return length;
    }
}
