namespace SpeedData.Core.Container;

/// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4), computed in the way that is fastest on this CPU.</summary>
internal static class Crc32C
{
    /// <summary>The polynomial 1, reflected.</summary>
    public const uint One = 0x8000_0000;

    private const uint Polynomial = 0x82F6_3B78; // reflected

    /// <param name="crc">The CRC of the preceding bytes; 0 at the beginning.</param>
    /// <param name="bytes">The bytes to add.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        if (FoldedCrc32C.IsSupported)
        {
            crc = FoldedCrc32C.Append(crc, bytes, out int taken);
            bytes = bytes[taken..];
        }

        return ~SteppedCrc32C.Append(crc, bytes);
    }

    /// <summary>Multiplies a reflected polynomial by x^<paramref name="exponent"/>, modulo CRC-32C's polynomial.</summary>
    public static uint TimesXToThe(int exponent, uint polynomial)
    {
        for (; exponent > 0; exponent--)
            polynomial = (polynomial >> 1) ^ ((polynomial & 1) * Polynomial);
        return polynomial;
    }
}
