using System.Runtime.InteropServices;

namespace SpeedData.Core.Ring;

/// <summary>One burst in the ring: where its payload lies and what is known about it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BurstDescriptor
{
    /// <summary>Payload bytes that were written before it since the ring was made.</summary>
    public long Position;

    /// <summary>Unix time of arrival in ns.</summary>
    public long ReceiveTimeNs;

    /// <summary>Where in the ring's memory its first byte lies.</summary>
    public int Offset;

    /// <summary>Payload bytes, at least 1.</summary>
    public ushort Length;

    /// <summary>Bytes of each datagram but the last.</summary>
    public ushort SegmentSize;

    /// <summary>Number of datagrams, at least 1.</summary>
    public ushort Count;

    /// <summary>Who sent it: an id in <see cref="BurstRing.Sources"/>.</summary>
    public ushort Source;

    /// <summary>Datagrams known to be lost between the burst before it and this one.</summary>
    public uint LostBefore;

    /// <summary>Position behind the last payload byte.</summary>
    public readonly long End => Position + Length;
}
