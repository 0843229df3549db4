using System.Globalization;
using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>The header of an object container file (Avro 1.12, "Object Container Files"): magic, metadata, sync marker.</summary>
/// <param name="Metadata">The metadata by key, as in the file.</param>
/// <param name="Sync">The file's sync marker.</param>
/// <param name="Length">The size of the whole header in bytes.</param>
public sealed record ContainerHeader(IReadOnlyDictionary<string, byte[]> Metadata, byte[] Sync, int Length)
{
    /// <summary>The size of a sync marker in bytes.</summary>
    public const int SyncLength = 16;

    /// <summary>
    /// Makes a sync marker that is random except for 6 of its 128 bits. It comes from a Guid, because the cryptographic generator would
    /// load OpenSSL at a channel's first block.
    /// </summary>
    public static byte[] NewSync() => Guid.NewGuid().ToByteArray();

    /// <summary>A metadata key: the channel has several schemas, and files of the others cover the same times.</summary>
    public const string AlternativeKey = "speeddata.alternative";

    public const string SchemaKey = "avro.schema", CodecKey = "avro.codec";

    internal static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <summary>
    /// Avro's name of the block codec. A file without the key has none; a name that is not UTF-8 is unknown.
    /// </summary>
    public string Codec => Metadata.ContainsKey(CodecKey) ? Text(CodecKey) ?? "\uFFFD" : "null";

    /// <summary>The schema's text; null if there is none, or if it is not UTF-8.</summary>
    public string? Schema => Text(SchemaKey);

    /// <returns>A value as text; null if there is none, or if it is not UTF-8.</returns>
    public string? Text(string key)
    {
        if (!Metadata.TryGetValue(key, out byte[]? value))
            return null;
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Encodes a header.</summary>
    /// <param name="metadata">Keys and texts, in the order in which they are written.</param>
    /// <param name="sync">The file's sync marker.</param>
    public static byte[] Encode(IReadOnlyList<(string Key, string Value)> metadata, ReadOnlySpan<byte> sync)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Magic);
        WriteLong(bytes, metadata.Count);
        foreach ((string key, string value) in metadata)
        {
            WriteText(bytes, key);
            WriteText(bytes, value);
        }

        WriteLong(bytes, 0);
        bytes.Write(sync);
        return bytes.ToArray();
    }

    /// <summary>Formats a time for metadata: ISO 8601 in UTC.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static void WriteText(MemoryStream to, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteLong(to, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteLong(MemoryStream to, long value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxBytes];
        to.Write(bytes[..Varint.Write(bytes, value)]);
    }
}
