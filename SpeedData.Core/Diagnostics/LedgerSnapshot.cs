namespace SpeedData.Core.Diagnostics;

/// <summary>What the receive thread has counted, all read at one moment. Datagrams unless named otherwise.</summary>
public record struct ReceiveTally
{
    public long Received;
    public long ReceivedBytes;
    public long Invalid;
    public long SourceDenied;
    public long RingFull;
    /// <summary>Lost in memory by a fault of the receive stage before they reached ring or relay.</summary>
    public long Fault;
    /// <summary>Written to the ring, for the writer to account for.</summary>
    public long Queued;
    public long FullRelayed;
    public long FullErrors;
    /// <summary>Records of the windows that were closed: one for each, with min-max two.</summary>
    public long WindowRecords;
    public long DecimatedRelayed;
    public long DecimatedErrors;
    /// <summary>Unix time of the last datagram in ns; 0 before the first.</summary>
    public long LastDatagramNs;
}

/// <summary>What the writer thread has counted, all read at one moment. Datagrams unless named otherwise.</summary>
public record struct WriterTally
{
    public long Archived;
    public long ArchivedBytes;
    public long Disk;
    /// <summary>Lost in the ring by a fault or by a drain that ran out of time.</summary>
    public long Fault;

    /// <summary>Datagrams taken from the ring and accounted for.</summary>
    public readonly long Settled => Archived + Disk + Fault;
}

/// <summary>A channel's ledger at one moment: exact, whenever it is read.</summary>
public readonly record struct LedgerSnapshot(ReceiveTally Receive, WriterTally Writer, long KernelDrops)
{
    /// <summary>Datagrams in the ring.</summary>
    public long Pending => Receive.Queued - Writer.Settled;

    public long Dropped(DropReason reason) => reason switch
    {
        DropReason.Kernel => KernelDrops,
        DropReason.Invalid => Receive.Invalid,
        DropReason.SourceDenied => Receive.SourceDenied,
        DropReason.RingFull => Receive.RingFull,
        DropReason.Disk => Writer.Disk,
        DropReason.Fault => Receive.Fault + Writer.Fault,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>Why a datagram is not in the archive.</summary>
public enum DropReason
{
    /// <summary>The socket's queue was full; it never reached the process and is no part of <c>received</c>.</summary>
    Kernel,
    Invalid,
    SourceDenied,
    RingFull,
    Disk,
    Fault,
}
