using System.Diagnostics.CodeAnalysis;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// Keeps the first and the latest few refused datagrams per source and reason. Its memory is allocated at the first refusal and never
/// grows. Datagrams that find no free group are counted in one group without a source. One thread at a time adds; others may read.
/// </summary>
public sealed class RejectLog
{
    /// <summary>The number of bytes kept per datagram: a jumbo frame.</summary>
    public const int SampleBytes = 9216;

    /// <summary>The number of combinations of source and reason that get their own group.</summary>
    public const int MaxGroups = 32;

    /// <summary>The number of samples kept from the beginning of a group.</summary>
    public const int FirstSamples = 2;

    /// <summary>The number of further samples kept per group: always the newest.</summary>
    public const int LatestSamples = 3;

    private RejectTable? _table;
    private int _samplesInUse;

    /// <summary>
    /// Receive thread: adds a refused datagram. Never waits, and allocates nothing after the first call. While another thread reads, it
    /// only counts the datagram and keeps no sample.
    /// </summary>
    /// <param name="drop">Why it was refused.</param>
    /// <param name="kind">A finer reason, meaningful together with <paramref name="drop"/>; 0 if there is none.</param>
    /// <param name="timeNs">Unix time of arrival in ns.</param>
    /// <param name="source">
    /// Its sender. The log keeps the address itself, because a refused datagram outlives the ring's table of sources and takes no
    /// place in it.
    /// </param>
    /// <param name="datagram">Its payload.</param>
    /// <param name="count">The number of datagrams it represents: those of a burst that are refused for the same reason.</param>
    public void Add(DropReason drop, byte kind, long timeNs, in SourceAddress source, ReadOnlySpan<byte> datagram, int count = 1)
    {
        RejectTable table = _table ?? Begin();
        int group = table.Count(new RejectKey(source.Address, drop, kind), count);
        if (Interlocked.CompareExchange(ref _samplesInUse, 1, 0) != 0)
            return;
        table.Keep(group, new SampleHead(timeNs, source, datagram.Length), datagram);
        // Release: the sample is complete before a reader may use it.
        Volatile.Write(ref _samplesInUse, 0);
    }

    /// <summary>Any other thread: returns the count of each group, without samples. Never waits.</summary>
    public IReadOnlyList<RejectCount> Counts() => Volatile.Read(ref _table)?.Counts() ?? [];

    /// <summary>Any other thread: returns everything kept. Waits for a sample that is being written, about a microsecond.</summary>
    public IReadOnlyList<RejectGroup> Read()
    {
        RejectTable? table = Volatile.Read(ref _table);
        if (table is null)
            return [];
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _samplesInUse, 1, 0) != 0)
            spin.SpinOnce();
        try
        {
            return table.Groups();
        }
        finally
        {
            Volatile.Write(ref _samplesInUse, 0);
        }
    }

    [MemberNotNull(nameof(_table))]
    private RejectTable Begin()
    {
        var table = new RejectTable();
        // Release: a reader that sees the table sees all of it.
        Volatile.Write(ref _table, table);
        return _table = table;
    }
}
