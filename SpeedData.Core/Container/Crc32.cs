namespace SpeedData.Core.Container;

/// <summary>CRC-32 as zlib, PNG and Avro's snappy have it (ISO-HDLC; RFC 1952, section 8), by table.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320; // reflected

    private static readonly uint[] OfByte = [.. Enumerable.Range(0, 256).Select(value => Shifted((uint)value))];

    /// <param name="crc">Of what comes before; 0 to begin.</param>
    /// <param name="bytes">What to add.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte value in bytes)
            crc = (crc >> 8) ^ OfByte[(byte)(crc ^ value)];
        return ~crc;
    }

    private static uint Shifted(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) * Polynomial);
        return value;
    }
}
