using SpeedData.Core.Sources;

namespace SpeedData.Core.Receive;

/// <summary>
/// Datagrams of one size from one sender that the kernel delivered together; the last may be shorter. The payload is native
/// memory of the receiver, valid until its next receive call.
/// </summary>
public readonly unsafe struct Burst(byte* payload, int length, int segmentSize, long receiveTimeNs, uint source, ushort sourcePort, uint kernelDrops = 0)
{
    /// <summary>The first byte of the first datagram. The others follow without a gap.</summary>
    public readonly byte* Payload = payload;

    /// <summary>The total size of all datagrams in bytes, 0 to 65,507.</summary>
    public readonly int Length = length;

    /// <summary>The size of each datagram except the last, in bytes; 0 only for a single empty datagram.</summary>
    public readonly int SegmentSize = segmentSize;

    /// <summary>The time of arrival in Unix ns: from the kernel if it reports one, otherwise read after the receive call.</summary>
    public readonly long ReceiveTimeNs = receiveTimeNs;

    /// <summary>IPv4 address of the sender in host byte order.</summary>
    public readonly uint Source = source;

    public readonly ushort SourcePort = sourcePort;

    /// <summary>The sender's address and port in the form that the archive keeps.</summary>
    public SourceAddress Sender => SourceAddress.IPv4(Source, SourcePort);

    /// <summary>
    /// The number of messages that the socket's full queue had dropped when this burst was queued (SO_RXQ_OVFL), as a 32-bit counter
    /// that wraps. GRO may join datagrams into one message, so it is a lower bound. 0 if it is not known.
    /// </summary>
    public readonly uint KernelDrops = kernelDrops;

    /// <summary>The number of datagrams, at least 1.</summary>
    public int Count => Length <= SegmentSize ? 1 : (Length + SegmentSize - 1) / SegmentSize;

    public ReadOnlySpan<byte> Bytes => new(Payload, Length);
}
