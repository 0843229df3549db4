using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Archive.Index;

/// <summary>Datagrams that came together.</summary>
/// <param name="ReceivedNs">Unix time in ns.</param>
/// <param name="Records">How many.</param>
/// <param name="Source">Which of the block's sources, from 0.</param>
/// <param name="LostBefore">Datagrams known to be lost between the burst before and this one.</param>
public readonly record struct IndexBurst(long ReceivedNs, int Records, int Source, long LostBefore = 0);

/// <summary>What the index says of one block; null for what it does not know. The writer fills the same one for each block.</summary>
public sealed class IndexEntry
{
    /// <summary>Where the block begins in the archive.</summary>
    public long Offset { get; set; }

    /// <summary>Its bytes, count, size and sync marker included.</summary>
    public long Bytes { get; set; }

    public long Records { get; set; }

    /// <summary>Records archived by the channel before it, since the process began.</summary>
    public long? Ordinal { get; set; }

    /// <summary>Unix time in ns at which its first record came.</summary>
    public long? ReceivedFirstNs { get; set; }

    /// <summary>Unix time in ns at which its last record came.</summary>
    public long? ReceivedLastNs { get; set; }

    /// <summary>The time field of its first record, as Unix time in ns.</summary>
    public long? DeviceFirstNs { get; set; }

    /// <summary>The time field of its last record.</summary>
    public long? DeviceLastNs { get; set; }

    /// <summary>Datagrams known to be lost among its records and before them, back to the block before.</summary>
    public long? Lost { get; set; }

    /// <summary>Datagrams the channel had dropped when the block was written; see <see cref="DropReason"/>.</summary>
    public IndexDrops? Dropped { get; set; }

    /// <summary>CRC-32C of all its bytes.</summary>
    public uint Crc32C { get; set; }

    /// <summary>Who sent its records; <see cref="SourceAddress.Unknown"/> stands for all that found no place in the <see cref="SourceTable"/>.</summary>
    public List<SourceAddress> Sources { get; } = [];

    /// <summary>Whether the bursts are known.</summary>
    public bool HasBursts { get; set; }

    /// <summary>What came together, in order.</summary>
    public List<IndexBurst> Bursts { get; } = [];
}

/// <summary>Drops by reason, since the process began.</summary>
public readonly record struct IndexDrops(long Kernel, long Invalid, long SourceDenied, long RingFull, long Disk, long Fault)
{
    /// <summary>All of them.</summary>
    public long Total => Kernel + Invalid + SourceDenied + RingFull + Disk + Fault;
}
