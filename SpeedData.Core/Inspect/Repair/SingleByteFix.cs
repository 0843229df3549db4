namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Finds the one byte whose change makes bytes match their CRC-32C again. The checksum of a change does not depend on the bytes
/// around it, so each place and each change is tried by itself.
/// </summary>
internal static class SingleByteFix
{
    // A second of work.
    private const int Longest = 1 << 20;

    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc >> 1) ^ ((crc & 1) * Polynomial)))];

    /// <param name="bytes">One of them may be wrong.</param>
    /// <param name="difference">What their checksum is, and what it should be, by exclusive or.</param>
    /// <param name="isRight">Whether bytes that match are the right ones.</param>
    /// <returns>The right bytes; null if no such change makes them match.</returns>
    public static byte[]? Find(ReadOnlySpan<byte> bytes, uint difference, Func<byte[], bool> isRight)
    {
        if (bytes.Length > Longest || difference == 0)
            return null;
        // What a change of the last byte does to the checksum; each step moves it one byte to the front.
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
