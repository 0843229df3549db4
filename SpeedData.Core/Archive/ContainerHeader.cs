using System.Globalization;
using System.Text;

namespace SpeedData.Core.Archive;

/// <summary>The header of an object container file (Avro 1.12, "Object Container Files"): magic, metadata, sync marker.</summary>
internal static class ContainerHeader
{
    /// <summary>Bytes of a sync marker.</summary>
    public const int SyncLength = 16;

    private static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <param name="schemaText">The schema file's own text.</param>
    /// <param name="codec">Avro's name of the block codec.</param>
    /// <param name="channel">Becomes <c>speeddata.channel</c>.</param>
    /// <param name="created">Becomes <c>speeddata.created</c>, ISO 8601 in UTC.</param>
    /// <param name="host">Becomes <c>speeddata.host</c>; none where null.</param>
    /// <param name="sync">The file's sync marker.</param>
    public static byte[] Encode(string schemaText, string codec, string channel, DateTimeOffset created, string? host, ReadOnlySpan<byte> sync)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Magic);
        WriteLong(bytes, host is null ? 4 : 5);
        WriteEntry(bytes, "avro.schema", schemaText);
        WriteEntry(bytes, "avro.codec", codec);
        WriteEntry(bytes, "speeddata.channel", channel);
        WriteEntry(bytes, "speeddata.created", created.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (host is not null)
            WriteEntry(bytes, "speeddata.host", host);
        WriteLong(bytes, 0);
        bytes.Write(sync);
        return bytes.ToArray();
    }

    private static void WriteEntry(MemoryStream to, string key, string value)
    {
        WriteText(to, key);
        WriteText(to, value);
    }

    private static void WriteText(MemoryStream to, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteLong(to, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteLong(MemoryStream to, long value)
    {
        Span<byte> bytes = stackalloc byte[AvroVarint.MaxLength];
        to.Write(bytes[..AvroVarint.Write(bytes, value)]);
    }
}
