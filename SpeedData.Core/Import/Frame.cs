namespace SpeedData.Core.Import;

/// <summary>A frame of the predecessor's files: the count 1, the payload's length, the payload, a marker.</summary>
/// <param name="Offset">Offset of the frame in the file.</param>
/// <param name="HeadLength">Bytes before the payload.</param>
/// <param name="PayloadLength">Bytes of the payload: one record.</param>
internal readonly record struct Frame(long Offset, int HeadLength, int PayloadLength)
{
    /// <summary>The count of records, 1, as Avro's zigzag number.</summary>
    public const byte CountByte = 0x02;

    /// <summary>The most bytes that the payload of a datagram can have.</summary>
    public const int MostPayload = ushort.MaxValue;

    public long PayloadOffset => Offset + HeadLength;

    public long MarkerOffset => PayloadOffset + PayloadLength;

    public long End => MarkerOffset + Marker.Length;

    /// <summary>The 16 bytes that follow every payload, the same in every file.</summary>
    public static ReadOnlySpan<byte> Marker => [0xA4, 0x8A, 0x1E, 0x90, 0x05, 0x04, 0x24, 0x78, 0x0A, 0x68, 0x33, 0x7F, 0xC2, 0x50, 0x95, 0x63];
}

/// <summary>Bytes of a file that belong to no complete frame.</summary>
/// <param name="Offset">Offset of the first byte.</param>
/// <param name="Bytes">Number of bytes.</param>
public readonly record struct LostBytes(long Offset, long Bytes);
