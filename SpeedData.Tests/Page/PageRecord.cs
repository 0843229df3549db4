using System.Buffers.Binary;
using System.Text;
using SpeedData.Core.Reading;

namespace SpeedData.Tests.Page;

/// <summary>A record with a signal of each kind that the page can show.</summary>
internal readonly record struct PageRecord(long TimeNs, double Value, double? Maybe = null, int State = 0, string Text = "")
{
    public const string Schema =
        """
        { "type": "record", "name": "page", "fields": [
            { "name": "time", "type": { "type": "long", "logicalType": "timestamp-nanos" } },
            { "name": "value", "type": "double", "unit": "V" },
            { "name": "maybe", "type": ["null", "double"] },
            { "name": "state", "type": { "type": "enum", "name": "state", "symbols": ["OFF", "RUN", "script"] } },
            { "name": "text", "type": "string" } ] }
        """;

    public byte[] Encode()
    {
        var bytes = new List<byte>();
        Integer(bytes, TimeNs);
        Real(bytes, Value);
        Integer(bytes, Maybe is null ? 0 : 1);
        if (Maybe is { } maybe)
            Real(bytes, maybe);
        Integer(bytes, State);
        byte[] text = Encoding.UTF8.GetBytes(Text);
        Integer(bytes, text.Length);
        bytes.AddRange(text);
        return [.. bytes];
    }

    /// <summary>Reads the second field of a record.</summary>
    public static double ValueOf(ReadOnlySpan<byte> record)
    {
        int at = 0;
        while ((record[at++] & 0x80) != 0)
        {
        }

        return BinaryPrimitives.ReadDoubleLittleEndian(record[at..]);
    }

    public static long NowNs => TimeText.NsOf(DateTimeOffset.UtcNow);

    private static void Integer(List<byte> bytes, long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest > 127; rest >>= 7)
            bytes.Add((byte)(rest | 128));
        bytes.Add((byte)rest);
    }

    private static void Real(List<byte> bytes, double value)
    {
        Span<byte> eight = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
        bytes.AddRange(eight);
    }
}
