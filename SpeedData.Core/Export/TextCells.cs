using System.Buffers.Text;
using System.Globalization;
using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>Values as text, for CSV and JSON.</summary>
internal static class TextCells
{
    /// <summary>Length of the longest number or time in bytes.</summary>
    public const int Longest = 40;

    private const long SecondNs = 1_000_000_000, DaySeconds = 86_400;

    /// <summary>Writes a number or boolean at the start of a span.</summary>
    /// <returns>Bytes written; -1 if the number is not finite.</returns>
    public static int Number(Column column, int row, Span<byte> to)
    {
        int written;
        switch (column)
        {
            case NumberColumn<byte> truth:
                ReadOnlySpan<byte> text = truth.Values[row] != 0 ? "true"u8 : "false"u8;
                text.CopyTo(to);
                return text.Length;
            case NumberColumn<int> number:
                Utf8Formatter.TryFormat(number.Values[row], to, out written);
                return written;
            case NumberColumn<long> number:
                Utf8Formatter.TryFormat(number.Values[row], to, out written);
                return written;
            case NumberColumn<float> number:
                number.Values[row].TryFormat(to, out written, default, CultureInfo.InvariantCulture);
                return float.IsFinite(number.Values[row]) ? written : -1;
            case NumberColumn<double> number:
                return double.IsFinite(number.Values[row]) ? DoubleText.Write(number.Values[row], to) : -1;
            default:
                throw new InvalidOperationException($"{column.Spec.Kind} is not a number");
        }
    }

    /// <summary>Returns <c>NaN</c>, <c>inf</c> or <c>-inf</c>.</summary>
    public static ReadOnlySpan<byte> NotFinite(Column column, int row)
    {
        return NotFinite(column is NumberColumn<float> single ? single.Values[row] : ((NumberColumn<double>)column).Values[row]);
    }

    public static ReadOnlySpan<byte> NotFinite(double value) => double.IsNaN(value) ? "NaN"u8 : value > 0 ? "inf"u8 : "-inf"u8;

    /// <summary>Writes a Unix time in ns as ISO 8601 in UTC, 30 bytes.</summary>
    public static int Time(long unixNs, Span<byte> to)
    {
        long seconds = Math.DivRem(unixNs, SecondNs, out long ns);
        if (ns < 0)
            (seconds, ns) = (seconds - 1, ns + SecondNs);
        long days = Math.DivRem(seconds, DaySeconds, out long ofDay);
        if (ofDay < 0)
            (days, ofDay) = (days - 1, ofDay + DaySeconds);
        var date = DateOnly.FromDayNumber((int)(days + DaysTo1970));
        Digits(to, 0, 4, date.Year);
        to[4] = (byte)'-';
        Digits(to, 5, 2, date.Month);
        to[7] = (byte)'-';
        Digits(to, 8, 2, date.Day);
        to[10] = (byte)'T';
        Digits(to, 11, 2, (int)(ofDay / 3600));
        to[13] = (byte)':';
        Digits(to, 14, 2, (int)(ofDay / 60 % 60));
        to[16] = (byte)':';
        Digits(to, 17, 2, (int)(ofDay % 60));
        to[19] = (byte)'.';
        Digits(to, 20, 9, (int)ns);
        to[29] = (byte)'Z';
        return 30;
    }

    /// <summary>Writes bytes as hexadecimal digits.</summary>
    public static void Hex(ReadOnlySpan<byte> bytes, RowText to)
    {
        Hex(bytes, to.Room(Math.Max(1, 2 * bytes.Length)));
        to.Advance(2 * bytes.Length);
    }

    public static void Hex(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            to[2 * i] = "0123456789abcdef"u8[bytes[i] >> 4];
            to[(2 * i) + 1] = "0123456789abcdef"u8[bytes[i] & 15];
        }
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static readonly int DaysTo1970 = new DateOnly(1970, 1, 1).DayNumber;

    private static void Digits(Span<byte> to, int at, int count, int value)
    {
        for (int i = at + count - 1; i >= at; i--)
        {
            to[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
