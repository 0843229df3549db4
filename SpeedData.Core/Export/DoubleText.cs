using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeedData.Core.Export;

/// <summary>
/// Writes the shortest digits that identify a double, in .NET's notation, with Raffaello Giulietti's Schubfach algorithm ("The Schubfach
/// way to render doubles", 2020). An export spends most of its time here, and .NET's own formatting takes three times as long.
/// </summary>
internal static class DoubleText
{
    /// <summary>Length of the longest text in bytes: <c>-2.2250738585072014E-308</c>.</summary>
    public const int Longest = 24;

    private const int Most = 17, Wide = 32;

    private static ReadOnlySpan<ulong> Tens => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000];

    private const int SignificandBits = 52, Bias = 1075;
    private const ulong Hidden = 1UL << SignificandBits;

    /// <param name="value">A finite number.</param>
    /// <param name="to">Room for <see cref="Longest"/> bytes; 32 bytes are faster.</param>
    public static int Write(double value, Span<byte> to)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int at = 0;
        if (bits >> 63 != 0)
            to[at++] = (byte)'-';
        ulong significand = bits & (Hidden - 1);
        int exponent = (int)(bits >> SignificandBits) & 0x7FF;
        if (significand == 0 && exponent == 0)
        {
            to[at] = (byte)'0';
            return at + 1;
        }

        (ulong digits, int power) = Shortest(significand, exponent);
        for (ulong shorter = digits / 10; shorter * 10 == digits; shorter = digits / 10)
            (digits, power) = (shorter, power + 1);
        return at + Place(digits, power, to[at..]);
    }

    private static (ulong Digits, int Power) Shortest(ulong significand, int exponent)
    {
        ulong c = exponent != 0 ? Hidden | significand : significand;
        int q = exponent != 0 ? exponent - Bias : 1 - Bias;
        if (q is <= 0 and > -SignificandBits - 1 && (c & ((1UL << -q) - 1)) == 0)
            return (c >> -q, 0);
        bool isLowerCloser = significand == 0 && exponent > 1;
        ulong odd = c & 1;
        int k = ((q * 1_262_611) - (isLowerCloser ? 524_031 : 0)) >> 22;
        int h = q + ((-k * 1_741_647) >> 19) + 1;
        (ulong High, ulong Low) g = PowersOfTen.All[-k - PowersOfTen.Least];
        ulong lower = RoundToOdd(g, ((4 * c) - 2 + (isLowerCloser ? 1UL : 0)) << h) + odd;
        ulong middle = RoundToOdd(g, (4 * c) << h);
        ulong upper = RoundToOdd(g, ((4 * c) + 2) << h) - odd;
        ulong s = middle / 4;
        if (s >= 10)
        {
            ulong tens = s / 10;
            bool isDown = lower <= 40 * tens, isUp = (40 * tens) + 40 <= upper;
            if (isDown != isUp)
                return (tens + (isUp ? 1UL : 0), k + 1);
        }

        bool isBelow = lower <= 4 * s, isAbove = (4 * s) + 4 <= upper;
        if (isBelow != isAbove)
            return (s + (isAbove ? 1UL : 0), k);
        ulong half = (4 * s) + 2;
        return (s + (middle > half || (middle == half && (s & 1) != 0) ? 1UL : 0), k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundToOdd((ulong High, ulong Low) g, ulong c)
    {
        ulong carried = Math.BigMul(g.Low, c, out _);
        ulong high = Math.BigMul(g.High, c, out ulong low);
        low += carried;
        high += low < carried ? 1UL : 0;
        return high | (low > 1 ? 1UL : 0);
    }

    private static int Place(ulong digits, int power, Span<byte> to)
    {
        int count = CountOf(digits);
        // Number of digits before the decimal point; negative for zeros after it.
        int point = count + power;
        int zeros = Most - count;
        if (point is <= 0 and >= -3 && 2 - point >= zeros && to.Length >= Wide)
        {
            // The leading zeros overwrite the zeros after the point, or the point itself, which is then written again.
            BinaryPrimitives.WriteUInt64LittleEndian(to, 0x3030_3030_3030_3030);
            Digits(digits, to[(2 - point - zeros)..]);
            to[1] = (byte)'.';
            return 2 - point + count;
        }

        return PlaceByParts(digits, count, point, to);
    }

    // A separate method, because stack memory is cleared at each call even if it is not used.
    private static int PlaceByParts(ulong digits, int count, int point, Span<byte> to)
    {
        Span<byte> places = stackalloc byte[24];
        Digits(digits, places);
        ReadOnlySpan<byte> text = places.Slice(Most - count, count);
        if (point is > 17 or < -3)
            return Scientific(text, point - 1, to);
        if (point <= 0)
        {
            "0."u8.CopyTo(to);
            to.Slice(2, -point).Fill((byte)'0');
            text.CopyTo(to[(2 - point)..]);
            return 2 - point + count;
        }

        if (point >= count)
        {
            text.CopyTo(to);
            to[count..point].Fill((byte)'0');
            return point;
        }

        text[point..].CopyTo(to[(point + 1)..]);
        for (int i = 0; i < point; i++)
            to[i] = text[i];
        to[point] = (byte)'.';
        return count + 1;
    }

    /// <summary>Writes all 17 digits, with leading zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Digits(ulong digits, Span<byte> to)
    {
        ulong high = digits / 100_000_000, first = high / 100_000_000;
        to[0] = (byte)('0' + first);
        BinaryPrimitives.WriteUInt64LittleEndian(to[1..], Eight((uint)(high - (first * 100_000_000))));
        BinaryPrimitives.WriteUInt64LittleEndian(to[9..], Eight((uint)(digits - (high * 100_000_000))));
    }

    private static int Scientific(ReadOnlySpan<byte> text, int exponent, Span<byte> to)
    {
        to[0] = text[0];
        int at = 1;
        if (text.Length > 1)
        {
            to[at++] = (byte)'.';
            text[1..].CopyTo(to[at..]);
            at += text.Length - 1;
        }

        to[at++] = (byte)'E';
        to[at++] = (byte)(exponent < 0 ? '-' : '+');
        Utf8Formatter.TryFormat(Math.Abs(exponent), to[at..], out int written, new System.Buffers.StandardFormat('D', 2));
        return at + written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountOf(ulong digits)
    {
        int about = ((BitOperations.Log2(digits) + 1) * 1233) >> 12;
        return about + (digits >= Tens[about] ? 1 : 0);
    }

    /// <summary>Writes eight digits as text, the first in the lowest byte. Splits halves, quarters and eighths in parallel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Eight(uint value)
    {
        uint half = value / 10_000;
        ulong fours = half | ((ulong)(value - (half * 10_000)) << 32);
        ulong hundreds = ((fours * 10_486) >> 20) & 0x7F_0000_007F;
        ulong twos = hundreds | ((fours - (hundreds * 100)) << 16);
        ulong tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        return (tens | ((twos - (tens * 10)) << 8)) + 0x3030_3030_3030_3030;
    }
}
