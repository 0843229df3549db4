using System.Buffers.Binary;
using System.Text;

namespace SpeedData.Bench;

/// <summary>
/// The record of the benchmarks: time (long, ns), counter (int, from 2^30), two bytes, then doubles. Its size does not depend on the
/// values.
/// </summary>
internal static class BenchRecord
{
    private const int FirstCounter = 1 << 30;

    /// <summary>Bytes before the doubles: nine for the time, five for the counter, two for padding.</summary>
    private const int Head = 16;

    /// <param name="size">Size of a datagram in bytes: 16 plus a multiple of 8.</param>
    public static string Schema(int size)
    {
        var text = new StringBuilder($$$"""{"type":"record","name":"bench{{{size}}}","namespace":"speeddata.bench","fields":[{"name":"time","type":{"type":"long","logicalType":"timestamp-nanos"}},{"name":"counter","type":"int"},{"name":"pad","type":{"type":"fixed","name":"pad2","size":2}}""");
        for (int i = 0; i < (size - Head) / 8; i++)
            text.Append($$""",{"name":"v{{i}}","type":"double"}""");
        return text.Append("]}").ToString();
    }

    public static void Write(Span<byte> datagram, long timeNs, int number)
    {
        int at = Varint(datagram, timeNs);
        at += Varint(datagram[at..], FirstCounter + number);
        datagram[at++] = 0;
        datagram[at++] = 0;
        for (; at + 8 <= datagram.Length; at += 8)
            BinaryPrimitives.WriteDoubleLittleEndian(datagram[at..], number % 1000 / 500.0);
    }

    public static (long TimeNs, int Number) Read(ReadOnlySpan<byte> datagram)
    {
        int at = 0;
        long time = Varint(datagram, ref at);
        return (time, (int)Varint(datagram, ref at) - FirstCounter);
    }

    private static int Varint(Span<byte> bytes, long value)
    {
        ulong n = (ulong)(value << 1) ^ (ulong)(value >> 63);
        int at = 0;
        for (; n > 127; n >>= 7)
            bytes[at++] = (byte)(n | 128);
        bytes[at++] = (byte)n;
        return at;
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
