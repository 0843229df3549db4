using System.Net;

namespace SpeedData.Core.Diagnostics;

/// <summary>One refused datagram.</summary>
/// <param name="At">When it came.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Bytes">Its first bytes, at most <see cref="RejectLog.SampleBytes"/>.</param>
public sealed record RejectSample(DateTimeOffset At, IPEndPoint Source, int Length, byte[] Bytes);

/// <summary>How many datagrams of one source were refused for one reason.</summary>
/// <param name="Source">Who sent them; null for all that found no group of their own.</param>
/// <param name="Drop">Why they were refused; of the first one where there is no source.</param>
/// <param name="Kind">The finer reason given to <see cref="RejectLog.Add"/>.</param>
/// <param name="Count">How many.</param>
public sealed record RejectCount(IPAddress? Source, DropReason Drop, byte Kind, long Count);

/// <summary>Refused datagrams of one source and reason.</summary>
/// <param name="Of">Whose, why, how many.</param>
/// <param name="First">The first, oldest first.</param>
/// <param name="Latest">The latest besides, oldest first.</param>
public sealed record RejectGroup(RejectCount Of, IReadOnlyList<RejectSample> First, IReadOnlyList<RejectSample> Latest);
