using SpeedData.Core.Sources;

namespace SpeedData.Core.Receive;

/// <summary>
/// Datagrams of one size from one sender (the last may be shorter) that the kernel handed over together. The payload
/// is native memory of the receiver, valid until its next receive call.
/// </summary>
public readonly unsafe struct Burst(byte* payload, int length, int segmentSize, long receiveTimeNs, uint source, ushort sourcePort, uint kernelDrops = 0)
{
    /// <summary>First byte of the first datagram; the others follow without a gap.</summary>
    public readonly byte* Payload = payload;

    /// <summary>Bytes of all datagrams together, 0 to 65,507.</summary>
    public readonly int Length = length;

    /// <summary>Bytes of each datagram but the last; 0 only for a single empty datagram.</summary>
    public readonly int SegmentSize = segmentSize;

    /// <summary>Unix time of arrival in ns: the kernel's where it gives one, else read after the receive call.</summary>
    public readonly long ReceiveTimeNs = receiveTimeNs;

    /// <summary>IPv4 address of the sender in host byte order.</summary>
    public readonly uint Source = source;

    public readonly ushort SourcePort = sourcePort;

    /// <summary>The sender's address and port, as they are kept.</summary>
    public SourceAddress Sender => SourceAddress.IPv4(Source, SourcePort);

    /// <summary>
    /// What the socket's full queue had dropped when this burst was put into it (SO_RXQ_OVFL): a 32-bit counter that wraps, of
    /// messages, so a lower bound of datagrams where GRO had joined some. 0 if it is not known.
    /// </summary>
    public readonly uint KernelDrops = kernelDrops;

    /// <summary>Number of datagrams, at least 1.</summary>
    public int Count => Length <= SegmentSize ? 1 : (Length + SegmentSize - 1) / SegmentSize;

    public ReadOnlySpan<byte> Bytes => new(Payload, Length);
}
