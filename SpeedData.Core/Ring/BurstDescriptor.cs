namespace SpeedData.Core.Ring;

/// <summary>One burst in the ring: where its payload lies and what is known about it.</summary>
public struct BurstDescriptor
{
    /// <summary>Position of the first payload byte, counted since the ring was made; modulo the capacity it is the offset in memory.</summary>
    public long Position;

    /// <summary>Unix time of arrival in ns.</summary>
    public long ReceiveTimeNs;

    /// <summary>Payload bytes, at least 1.</summary>
    public int Length;

    /// <summary>Bytes of each datagram but the last.</summary>
    public int SegmentSize;

    /// <summary>Number of datagrams, at least 1.</summary>
    public int Count;

    /// <summary>IPv4 address of the sender in host byte order.</summary>
    public uint Source;

    public ushort SourcePort;

    /// <summary>Position behind the last payload byte.</summary>
    public readonly long End => Position + Length;
}
