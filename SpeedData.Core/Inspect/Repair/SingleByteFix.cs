namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Finds the one byte to change so that bytes match their CRC-32C again. The effect of a change on the checksum does not depend on the
/// other bytes, so each change is tested without computing the whole checksum.
/// </summary>
internal static class SingleByteFix
{
    // The search takes about a second for this length.
    private const int Longest = 1 << 20;

    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc >> 1) ^ ((crc & 1) * Polynomial)))];

    /// <param name="bytes">The bytes. At most one of them may be wrong.</param>
    /// <param name="difference">The exclusive or of the actual and the expected checksum.</param>
    /// <param name="isRight">Decides whether matching bytes are the right ones.</param>
    /// <returns>The corrected bytes; null if no change of one byte makes them match.</returns>
    public static byte[]? Find(ReadOnlySpan<byte> bytes, uint difference, Func<byte[], bool> isRight)
    {
        if (bytes.Length > Longest || difference == 0)
            return null;
        // The effect of a change of the last byte on the checksum. Each step moves the change one byte towards the front.
        uint[] effects = [.. Table];
        for (int at = bytes.Length - 1; at >= 0; at--)
        {
            int change = Array.IndexOf(effects, difference, 1);
            if (change > 0)
            {
                byte[] repaired = bytes.ToArray();
                repaired[at] ^= (byte)change;
                if (isRight(repaired))
                    return repaired;
            }

            for (int i = 1; i < effects.Length; i++)
                effects[i] = Table[effects[i] & 0xFF] ^ (effects[i] >> 8);
        }

        return null;
    }
}
