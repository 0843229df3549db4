using System.Diagnostics.CodeAnalysis;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Diagnostics;

/// <summary>
/// The first and the latest few refused datagrams per source and reason. Its memory is allocated at the first refusal and never
/// grows: what finds no group is counted in one group without a source. One thread adds at a time; any other may read.
/// </summary>
public sealed class RejectLog
{
    /// <summary>Bytes kept of a datagram: a jumbo frame.</summary>
    public const int SampleBytes = 9216;

    /// <summary>Sources and reasons told apart.</summary>
    public const int MaxGroups = 32;

    /// <summary>Samples kept of a group from its beginning.</summary>
    public const int FirstSamples = 2;

    /// <summary>Samples kept of a group besides, always the newest.</summary>
    public const int LatestSamples = 3;

    private RejectTable? _table;
    private int _samplesInUse;

    /// <summary>
    /// Receive thread; never waits, and allocates nothing after the first call. While another thread reads, the sample
    /// is left out and only counted.
    /// </summary>
    /// <param name="drop">Why it was refused.</param>
    /// <param name="kind">A finer reason, meaningful together with <paramref name="drop"/>; 0 if there is none.</param>
    /// <param name="timeNs">Unix time of arrival in ns.</param>
    /// <param name="source">Who sent it. Its address is kept here: a refused datagram outlives the ring's table of sources, and takes no place in it.</param>
    /// <param name="datagram">Its payload.</param>
    /// <param name="count">How many it stands for: the datagrams of a burst that share its fate.</param>
    public void Add(DropReason drop, byte kind, long timeNs, in SourceAddress source, ReadOnlySpan<byte> datagram, int count = 1)
    {
        RejectTable table = _table ?? Begin();
        int group = table.Count(new RejectKey(source.Address, drop, kind), count);
        if (Interlocked.CompareExchange(ref _samplesInUse, 1, 0) != 0)
            return;
        table.Keep(group, new SampleHead(timeNs, source, datagram.Length), datagram);
        // Release: the sample is whole before a reader may look.
        Volatile.Write(ref _samplesInUse, 0);
    }

    /// <summary>Any other thread: how many of each group, without the samples. Waits for nothing.</summary>
    public IReadOnlyList<RejectCount> Counts() => Volatile.Read(ref _table)?.Counts() ?? [];

    /// <summary>Any other thread: everything kept. Waits for a sample that is being written, about a microsecond.</summary>
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
        // Release: a reader that sees the table sees it whole.
        Volatile.Write(ref _table, table);
        return _table = table;
    }
}
