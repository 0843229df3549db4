using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeedData.Core.Schema;

/// <summary>
/// Avro's int and long: zigzag, then seven bits per byte, least significant first (Avro specification, "Binary Encoding"). Accepts
/// only the shortest form: no writer makes another, and padding would give one value many encodings.
/// </summary>
public static class Varint
{
    public const int Truncated = 0;
    public const int TooLong = -1;

    /// <summary>The size of the longest int and the longest long in bytes.</summary>
    public const int MaxIntBytes = 5, MaxBytes = 10;

    private const ulong ContinuationBits = 0x8080_8080_8080_8080;

    /// <summary>
    /// Returns the size of the varint at the start of <paramref name="bytes"/>: 1 to 10, <see cref="Truncated"/> or
    /// <see cref="TooLong"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Measure(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= MaxBytes ? MeasureWithin(bytes) : MeasureNearEnd(bytes);

    /// <summary>Returns the value of a varint that <see cref="Measure"/> has accepted.</summary>
    public static long Decode(ReadOnlySpan<byte> varint)
    {
        int at = 0;
        return Read(varint, ref at);
    }

    /// <summary>Reads a varint of a checked record, and moves the position after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Read(ReadOnlySpan<byte> bytes, ref int at) => Signed(ReadUnsigned(bytes, ref at));

    /// <summary>Reads a varint without zigzag, as other formats use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ReadUnsigned(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong raw = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return raw;
        }
    }

    /// <summary>Reads a varint in native memory of unknown length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Read(ref byte first, out int length)
    {
        ulong raw = first & 0x7Fu;
        length = 1;
        for (byte next = first; next >= 0x80; length++)
        {
            next = Unsafe.Add(ref first, length);
            raw |= (next & 0x7Ful) << (7 * length);
        }

        return Signed(raw);
    }

    /// <summary>Returns the size of a checked varint in native memory.</summary>
    internal static int LengthOf(ref byte first)
    {
        int length = 1;
        while (Unsafe.Add(ref first, length - 1) >= 0x80)
            length++;
        return length;
    }

    /// <summary>Encodes a value in its shortest form.</summary>
    /// <returns>The number of bytes written, 1 to <see cref="MaxBytes"/>.</returns>
    public static int Write(Span<byte> to, long value)
    {
        ulong bits = (ulong)((value << 1) ^ (value >> 63));
        int length = 0;
        for (; bits >= 0x80; bits >>= 7)
            to[length++] = (byte)(bits | 0x80);
        to[length++] = (byte)bits;
        return length;
    }

    /// <summary>Whether a varint that <see cref="Measure"/> has accepted holds at most 32 bits.</summary>
    public static bool FitsInt(ReadOnlySpan<byte> varint) =>
        varint.Length < 5 || (varint.Length == 5 && varint[4] <= 0x0F);

    // Nanoseconds since 1970 take nine bytes. So one load and a check of the ninth byte decide the common long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MeasureWithin(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] < 0x80)
            return 1;
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ulong stops = ~low & ContinuationBits;
        if (stops != 0)
        {
            int stopBit = BitOperations.TrailingZeroCount(stops);
            bool padded = (byte)(low >> (stopBit - 7)) == 0;
            return padded ? TooLong : (stopBit >> 3) + 1;
        }
        if (bytes[8] < 0x80)
            return bytes[8] == 0 ? TooLong : 9;
        return bytes[9] == 1 ? MaxBytes : TooLong;
    }

    private static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    private static int MeasureNearEnd(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                return i > 0 && bytes[i] == 0 ? TooLong : i + 1;
        }
        return Truncated;
    }
}
