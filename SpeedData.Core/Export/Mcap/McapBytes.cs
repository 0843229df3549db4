using System.Buffers.Binary;
using System.Text;

namespace SpeedData.Core.Export.Mcap;

/// <summary>Record opcodes (MCAP specification, "Records").</summary>
internal enum McapOpcode : byte
{
    Header = 0x01,
    Footer = 0x02,
    Schema = 0x03,
    Channel = 0x04,
    Message = 0x05,
    Chunk = 0x06,
    MessageIndex = 0x07,
    ChunkIndex = 0x08,
    Statistics = 0x0B,
    Metadata = 0x0C,
    MetadataIndex = 0x0D,
    SummaryOffset = 0x0E,
    DataEnd = 0x0F,
}

/// <summary>
/// Writes MCAP's types: little-endian numbers, texts and maps after their length in bytes, records after opcode and length.
/// </summary>
internal static class McapBytes
{
    /// <summary>Length of opcode and length, which precede a record's content.</summary>
    public const int RecordHead = 1 + sizeof(ulong);

    /// <summary>Begins a record.</summary>
    /// <returns>The position of the record's content, for <see cref="EndRecord"/>.</returns>
    public static int BeginRecord(this RowText to, McapOpcode opcode)
    {
        to.Put((byte)opcode);
        to.PutLong(0);
        return to.Length;
    }

    public static void EndRecord(this RowText to, int content) =>
        BinaryPrimitives.WriteInt64LittleEndian(to.Put(content - sizeof(long), sizeof(long)), to.Length - content);

    public static void PutShort(this RowText to, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to.Room(sizeof(ushort)), (ushort)value);
        to.Advance(sizeof(ushort));
    }

    public static void PutInt(this RowText to, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to.Room(sizeof(uint)), value);
        to.Advance(sizeof(uint));
    }

    public static void PutLong(this RowText to, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.Room(sizeof(long)), value);
        to.Advance(sizeof(long));
    }

    public static void PutText(this RowText to, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        to.PutInt((uint)bytes.Length);
        to.Put(bytes);
    }

    /// <summary>Writes a map or array: its length in bytes, then the content that <paramref name="put"/> writes.</summary>
    public static void PutCounted(this RowText to, Action put)
    {
        to.PutInt(0);
        int begin = to.Length;
        put();
        BinaryPrimitives.WriteUInt32LittleEndian(to.Put(begin - sizeof(uint), sizeof(uint)), (uint)(to.Length - begin));
    }

    public static void PutMap(this RowText to, IReadOnlyDictionary<string, string> map) => to.PutCounted(() =>
    {
        foreach ((string key, string value) in map)
        {
            to.PutText(key);
            to.PutText(value);
        }
    });
}
