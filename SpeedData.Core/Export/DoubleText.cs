using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeedData.Core.Export;

/// <summary>
/// The shortest digits that keep a double, as .NET writes it, by Raffaello Giulietti's Schubfach ("The Schubfach way to render
/// doubles", 2020). An export is mostly this, and .NET's own takes three times as long.
/// </summary>
internal static class DoubleText
{
    /// <summary>Bytes of the longest: <c>-2.2250738585072014E-308</c>.</summary>
    public const int Longest = 24;

    private const int MinPower = -292, MaxPower = 324, SignificandBits = 52, Bias = 1075;
    private const ulong Hidden = 1UL << SignificandBits;

    // Of each power of ten the first 128 bits, rounded up.
    private static readonly (ulong High, ulong Low)[] Powers = [.. Enumerable.Range(MinPower, MaxPower - MinPower + 1).Select(Power)];

    /// <param name="value">A finite number.</param>
    /// <param name="to">Room for <see cref="Longest"/> bytes.</param>
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
        (ulong High, ulong Low) g = Powers[-k - MinPower];
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
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(digits, text, out int count);
        text = text[..count];
        // The point stands so many digits behind the first place.
        int point = count + power;
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

        text[..point].CopyTo(to);
        to[point] = (byte)'.';
        text[point..].CopyTo(to[(point + 1)..]);
        return count + 1;
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

    private static (ulong High, ulong Low) Power(int power)
    {
        int shift = 127 - ((power * 1_741_647) >> 19);
        BigInteger ten = BigInteger.Pow(10, Math.Abs(power));
        BigInteger scaled;
        if (power < 0)
            scaled = ((BigInteger.One << shift) + ten - 1) / ten;
        else if (shift >= 0)
            scaled = ten << shift;
        else
            scaled = -((-ten) >> -shift);
        return ((ulong)(scaled >> 64), (ulong)(scaled & ulong.MaxValue));
    }
}
