using System.Text;

namespace SpeedData.Tests.Archive;

/// <summary>A record of variable length: a sequence number and a text.</summary>
internal readonly record struct TestRecord(long Sequence, string Text)
{
    public const string Schema =
        """
        { "type": "record", "name": "test", "fields": [
            { "name": "sequence", "type": "long" },   
            { "name": "text", "type": "string", "doc": "µ, to see that bytes are kept" } ] }

        """;

    public byte[] Encode()
    {
        var bytes = new List<byte>();
        byte[] text = Encoding.UTF8.GetBytes(Text);
        EncodeLong(bytes, Sequence);
        EncodeLong(bytes, text.Length);
        bytes.AddRange(text);
        return [.. bytes];
    }

    public static TestRecord Decode(byte[] from, ref int at)
    {
        long sequence = DecodeLong(from, ref at);
        int length = (int)DecodeLong(from, ref at);
        string text = Encoding.UTF8.GetString(from, at, length);
        at += length;
        return new TestRecord(sequence, text);
    }

    public static long DecodeLong(byte[] from, ref int at)
    {
        ulong bits = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = from[at++];
            bits |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return (long)(bits >> 1) ^ -(long)(bits & 1);
        }
    }

    private static void EncodeLong(List<byte> to, long value)
    {
        ulong bits = (ulong)((value << 1) ^ (value >> 63));
        for (; bits >= 0x80; bits >>= 7)
            to.Add((byte)(bits | 0x80));
        to.Add((byte)bits);
    }
}
