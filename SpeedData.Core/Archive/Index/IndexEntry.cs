using SpeedData.Core.Diagnostics;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Archive.Index;

/// <summary>Datagrams that arrived together.</summary>
/// <param name="ReceivedNs">The time of arrival as Unix time in ns.</param>
/// <param name="Records">Number of records.</param>
/// <param name="Source">Index of the sender in the block's sources, from 0.</param>
/// <param name="LostBefore">Datagrams known to be lost between the preceding burst and this one.</param>
public readonly record struct IndexBurst(long ReceivedNs, int Records, int Source, long LostBefore = 0);

/// <summary>The index's facts about one block; null for unknown facts. The writer reuses one object for all blocks.</summary>
public sealed class IndexEntry
{
    /// <summary>The block's offset in the archive.</summary>
    public long Offset { get; set; }

    /// <summary>The block's size in bytes, including count, size and sync marker.</summary>
    public long Bytes { get; set; }

    public long Records { get; set; }

    /// <summary>The number of records that the channel archived before this block, since the process began.</summary>
    public long? Ordinal { get; set; }

    /// <summary>The time at which the first record arrived, as Unix time in ns.</summary>
    public long? ReceivedFirstNs { get; set; }

    /// <summary>The time at which the last record arrived, as Unix time in ns.</summary>
    public long? ReceivedLastNs { get; set; }

    /// <summary>The time field of the first record, as Unix time in ns.</summary>
    public long? DeviceFirstNs { get; set; }

    /// <summary>The time field of the last record, as Unix time in ns.</summary>
    public long? DeviceLastNs { get; set; }

    /// <summary>Datagrams known to be lost since the last record of the preceding block, up to this block's last record.</summary>
    public long? Lost { get; set; }

    /// <summary>Datagrams that the channel had dropped when the block was written; see <see cref="DropReason"/>.</summary>
    public IndexDrops? Dropped { get; set; }

    /// <summary>The CRC-32C of the whole block.</summary>
    public uint Crc32C { get; set; }

    /// <summary>
    /// The senders of the records. <see cref="SourceAddress.Unknown"/> stands for all senders that did not fit into the
    /// <see cref="SourceTable"/>.
    /// </summary>
    public List<SourceAddress> Sources { get; } = [];

    /// <summary>Whether the bursts are known.</summary>
    public bool HasBursts { get; set; }

    /// <summary>The bursts, in order.</summary>
    public List<IndexBurst> Bursts { get; } = [];
}

/// <summary>Drops by reason, since the process began.</summary>
public readonly record struct IndexDrops(long Kernel, long Invalid, long SourceDenied, long RingFull, long Disk, long Fault)
{
    /// <summary>The sum over all reasons.</summary>
    public long Total => Kernel + Invalid + SourceDenied + RingFull + Disk + Fault;
}
