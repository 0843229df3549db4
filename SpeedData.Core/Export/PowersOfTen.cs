using System.Numerics;

namespace SpeedData.Core.Export;

/// <summary>
/// The first 128 bits of each power of ten, rounded up. A separate class, so that code compiled after the table is initialized reads it
/// without an initialization check.
/// </summary>
internal static class PowersOfTen
{
    public const int Least = -292, Greatest = 324;

    public static readonly (ulong High, ulong Low)[] All = [.. Enumerable.Range(Least, Greatest - Least + 1).Select(Power)];

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
