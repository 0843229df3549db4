using SpeedData.Tests.Container;

namespace SpeedData.Tests.Fuzz;

/// <summary>Damages a file as disks and people do, or as an attacker who knows the format would.</summary>
internal static class FileDamage
{
    public static byte[] Of(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
            Damage(bytes, random);
        return [.. bytes];
    }

    private static void Damage(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count), length = random.Next(1, Math.Min(1 << random.Next(1, 12), bytes.Count - at) + 1);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                for (int i = at; i < at + length; i++)
                    bytes[i] = 0;
                break;
            case 6:
                bytes.AddRange(new byte[random.Next(10_000)]);
                break;
            case 7:
                bytes.InsertRange(at, ContainerBuilder.Sync);
                break;
            default:
                Number(bytes, at, random);
                break;
        }
    }

    private static void Number(List<byte> bytes, int at, Random random)
    {
        long[] telling = [long.MaxValue, long.MinValue, -1, int.MaxValue, 1L + int.MaxValue, bytes.Count, 256 << 20, 1L << 60];
        byte[] number = new ContainerBuilder().Number(telling[random.Next(telling.Length)]).Bytes;
        if (random.Next(2) == 0)
            bytes.RemoveRange(at, Math.Min(random.Next(1, 3), bytes.Count - at));
        bytes.InsertRange(at, number);
    }
}
