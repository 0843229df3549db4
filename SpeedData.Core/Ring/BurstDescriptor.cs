using System.Runtime.InteropServices;

namespace SpeedData.Core.Ring;

/// <summary>One burst in the ring: the place of its payload and the facts about it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BurstDescriptor
{
    /// <summary>The number of payload bytes written before it since the ring was made.</summary>
    public long Position;

    /// <summary>The Unix time of arrival in ns.</summary>
    public long ReceiveTimeNs;

    /// <summary>The offset of its first byte in the ring's memory.</summary>
    public int Offset;

    /// <summary>The payload size in bytes, at least 1.</summary>
    public ushort Length;

    /// <summary>The size of each datagram except the last, in bytes.</summary>
    public ushort SegmentSize;

    /// <summary>The number of datagrams, at least 1.</summary>
    public ushort Count;

    /// <summary>The sender: an id in <see cref="BurstRing.Sources"/>.</summary>
    public ushort Source;

    /// <summary>Datagrams known to be lost between the preceding burst and this one.</summary>
    public uint LostBefore;

    /// <summary>The position after the last payload byte.</summary>
    public readonly long End => Position + Length;
}
