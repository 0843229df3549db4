using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>The framing of a block: two numbers, then its data, then the sync marker.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Records">How many it says it holds.</param>
/// <param name="DataOffset">Where its data begins.</param>
/// <param name="DataLength">How long its data is, as its codec left it.</param>
public readonly record struct BlockFrame(long Offset, long Records, long DataOffset, long DataLength)
{
    /// <summary>Where its data ends and its sync marker begins.</summary>
    public long DataEnd => DataOffset + DataLength;

    /// <summary>The most bytes that its two numbers take.</summary>
    public const int MaxNumbers = 2 * Varint.MaxBytes;

    /// <summary>Writes the two numbers that a block begins with.</summary>
    /// <returns>Their bytes.</returns>
    public static int WriteNumbers(Span<byte> into, long records, long dataLength)
    {
        int length = Varint.Write(into, records);
        return length + Varint.Write(into[length..], dataLength);
    }

    /// <summary>Where it ends.</summary>
    public long End => DataEnd + ContainerHeader.SyncLength;
}
