using System.Runtime.CompilerServices;

namespace SpeedData.Core.Decimate.Fields;

/// <summary>Avro's binary encoding in memory that holds a valid record (Avro specification 1.12, "Binary Encoding").</summary>
internal static unsafe class Encoding
{
    /// <summary>Bytes of the longest int and the longest long.</summary>
    public const int LargestInt = 5, LargestLong = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadVarint(ref byte* at)
    {
        ulong raw = *at & 0x7Fu;
        for (int shift = 7; *at++ >= 0x80; shift += 7)
            raw |= (*at & 0x7Ful) << shift;
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public static byte* WriteVarint(byte* to, long value)
    {
        ulong raw = (ulong)((value << 1) ^ (value >> 63));
        for (; raw >= 0x80; raw >>= 7)
            *to++ = (byte)(raw | 0x80);
        *to++ = (byte)raw;
        return to;
    }

    public static byte* SkipVarint(byte* at)
    {
        while (*at++ >= 0x80)
        {
        }

        return at;
    }
}
