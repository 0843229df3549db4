using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>The framing of a block: two numbers, then its data, then the sync marker.</summary>
/// <param name="Offset">The block's offset in the file.</param>
/// <param name="Records">The number of records that the block states.</param>
/// <param name="DataOffset">The offset of the data.</param>
/// <param name="DataLength">The stored length of the data.</param>
public readonly record struct BlockFrame(long Offset, long Records, long DataOffset, long DataLength)
{
    /// <summary>The offset at which the data ends and the sync marker begins.</summary>
    public long DataEnd => DataOffset + DataLength;

    /// <summary>The most bytes that the two numbers take.</summary>
    public const int MaxNumbers = 2 * Varint.MaxBytes;

    /// <summary>Writes the two numbers at the start of a block.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int WriteNumbers(Span<byte> into, long records, long dataLength)
    {
        int length = Varint.Write(into, records);
        return length + Varint.Write(into[length..], dataLength);
    }

    /// <summary>The offset at which the block ends.</summary>
    public long End => DataEnd + ContainerHeader.SyncLength;
}
