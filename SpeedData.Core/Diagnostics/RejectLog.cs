using System.Net;

namespace SpeedData.Core.Diagnostics;

/// <summary>One refused datagram.</summary>
/// <param name="At">When it came.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Bytes">Its first bytes, at most <see cref="RejectLog.SampleBytes"/>.</param>
public sealed record RejectSample(DateTimeOffset At, IPEndPoint Source, int Length, byte[] Bytes);

/// <summary>Refused datagrams of one source and reason.</summary>
public sealed record RejectGroup(IPAddress Source, string Reason, long Count, IReadOnlyList<RejectSample> First, IReadOnlyList<RejectSample> Latest);

/// <summary>The first and the latest few refused datagrams per source and reason.</summary>
public sealed class RejectLog
{
    /// <summary>Bytes kept of a datagram: a jumbo frame.</summary>
    public const int SampleBytes = 9216;

    /// <summary>Receive thread; never waits, never allocates.</summary>
    public void Add(DropReason drop, byte kind, long timeNs, uint source, ushort sourcePort, ReadOnlySpan<byte> datagram)
    {
    }

    /// <summary>Any other thread.</summary>
    public IReadOnlyList<RejectGroup> Read() => [];
}
