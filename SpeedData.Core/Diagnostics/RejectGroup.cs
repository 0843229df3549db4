using System.Net;

namespace SpeedData.Core.Diagnostics;

/// <summary>One refused datagram.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Source">Its sender.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Bytes">Its first bytes, at most <see cref="RejectLog.SampleBytes"/>.</param>
public sealed record RejectSample(DateTimeOffset At, IPEndPoint Source, int Length, byte[] Bytes);

/// <summary>The number of datagrams that were refused from one source for one reason.</summary>
/// <param name="Source">The sender; null for the group of all datagrams without a group of their own.</param>
/// <param name="Drop">Why they were refused. In the group without a source, why its first one was.</param>
/// <param name="Kind">The finer reason given to <see cref="RejectLog.Add"/>.</param>
/// <param name="Count">The number of datagrams.</param>
public sealed record RejectCount(IPAddress? Source, DropReason Drop, byte Kind, long Count);

/// <summary>Refused datagrams of one source and reason.</summary>
/// <param name="Of">Source, reason and number.</param>
/// <param name="First">The first samples, oldest first.</param>
/// <param name="Latest">The latest samples that are not among the first, oldest first.</param>
public sealed record RejectGroup(RejectCount Of, IReadOnlyList<RejectSample> First, IReadOnlyList<RejectSample> Latest);
