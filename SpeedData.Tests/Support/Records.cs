using System.Buffers.Binary;

namespace SpeedData.Tests.Support;

/// <summary>A small record schema and its records, encoded by hand: time (long), counter (int), value (double).</summary>
internal static class Records
{
    public const string Schema = """
        {"type":"record","name":"sample","fields":[
          {"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},
          {"name":"counter","type":"int"},
          {"name":"value","type":"double"}]}
        """;

    public static byte[] Encode(int counter, long time = 1_700_000_000_000_000_000)
    {
        var bytes = new List<byte>(32);
        Varint(bytes, time);
        Varint(bytes, counter);
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(value, counter / 2.0);
        bytes.AddRange(value);
        return [.. bytes];
    }

    /// <summary>Counter of a record that <see cref="Encode"/> made.</summary>
    public static int Counter(ReadOnlySpan<byte> record)
    {
        int at = 0;
        Varint(record, ref at);
        return (int)Varint(record, ref at);
    }

    private static void Varint(List<byte> bytes, long value)
    {
        ulong n = (ulong)(value << 1) ^ (ulong)(value >> 63);
        for (; n > 127; n >>= 7)
            bytes.Add((byte)(n | 128));
        bytes.Add((byte)n);
    }

    private static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong n = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            n |= (ulong)(b & 127) << shift;
            if (b < 128)
                return (long)(n >> 1) ^ -(long)(n & 1);
        }
    }
}
