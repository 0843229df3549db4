namespace SpeedData.Tests.Schema;

/// <summary>Small damage to a datagram.</summary>
internal static class Mutation
{
    // Bytes that change the meaning of Avro's lengths, counts, indexes and continuation bits.
    private static readonly byte[] SpecialBytes = [0x00, 0x01, 0x02, 0x03, 0x7F, 0x80, 0xFE, 0xFF];

    public static byte[] Of(byte[] bytes, Random random)
    {
        var damaged = bytes.ToList();
        for (int times = random.Next(1, 4); times > 0; times--)
            Damage(damaged, random);
        return [.. damaged];
    }

    private static void Damage(List<byte> bytes, Random random)
    {
        int at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
        switch (bytes.Count == 0 ? 0 : random.Next(5))
        {
            case 0:
                bytes.Insert(at, SpecialBytes[random.Next(SpecialBytes.Length)]);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = SpecialBytes[random.Next(SpecialBytes.Length)];
                break;
            case 3:
                bytes.RemoveAt(at);
                break;
            default:
                bytes.Add((byte)random.Next(256));
                break;
        }
    }
}
