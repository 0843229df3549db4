namespace SpeedData.Core.Import;

/// <summary>A frame of the predecessor: the count 1, the payload's length, the payload, a marker.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="HeadLength">Bytes before the payload.</param>
/// <param name="PayloadLength">Bytes of the payload: one record.</param>
internal readonly record struct Frame(long Offset, int HeadLength, int PayloadLength)
{
    /// <summary>The count of records, 1, as Avro's zigzag number.</summary>
    public const byte CountByte = 0x02;

    /// <summary>A datagram's payload is not longer.</summary>
    public const int MostPayload = ushort.MaxValue;

    public long PayloadOffset => Offset + HeadLength;

    public long MarkerOffset => PayloadOffset + PayloadLength;

    public long End => MarkerOffset + Marker.Length;

    /// <summary>Stands behind every payload, in every file.</summary>
    public static ReadOnlySpan<byte> Marker => [0xA4, 0x8A, 0x1E, 0x90, 0x05, 0x04, 0x24, 0x78, 0x0A, 0x68, 0x33, 0x7F, 0xC2, 0x50, 0x95, 0x63];
}

/// <summary>Bytes of a file that belong to no whole frame.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Bytes">How many.</param>
public readonly record struct LostBytes(long Offset, long Bytes);
