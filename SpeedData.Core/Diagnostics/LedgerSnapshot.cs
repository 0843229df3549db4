namespace SpeedData.Core.Diagnostics;

/// <summary>The counts of the receive thread, all read at one moment. They count datagrams unless named otherwise.</summary>
public record struct ReceiveTally
{
    public long Received;
    public long ReceivedBytes;
    public long Invalid;
    public long SourceDenied;
    public long RingFull;
    /// <summary>Lost in memory by a fault of the receive stage, before they reached ring or relay.</summary>
    public long Fault;
    /// <summary>Written to the ring. The writer accounts for them.</summary>
    public long Queued;
    public long FullRelayed;
    public long FullErrors;
    /// <summary>Records made from closed windows: one per window, two with min-max.</summary>
    public long WindowRecords;
    public long DecimatedRelayed;
    public long DecimatedErrors;
    /// <summary>The Unix time of the last datagram in ns; 0 before the first.</summary>
    public long LastDatagramNs;
    /// <summary>The Unix time in ns since which every datagram was refused; 0 if the last batch had an accepted one.</summary>
    public long RefusingSinceNs;

    /// <summary>Datagrams that were refused.</summary>
    public readonly long Refused => Invalid + SourceDenied;

    public static ReceiveTally operator +(in ReceiveTally a, in ReceiveTally b) => new()
    {
        Received = a.Received + b.Received,
        ReceivedBytes = a.ReceivedBytes + b.ReceivedBytes,
        Invalid = a.Invalid + b.Invalid,
        SourceDenied = a.SourceDenied + b.SourceDenied,
        RingFull = a.RingFull + b.RingFull,
        Fault = a.Fault + b.Fault,
        Queued = a.Queued + b.Queued,
        FullRelayed = a.FullRelayed + b.FullRelayed,
        FullErrors = a.FullErrors + b.FullErrors,
        WindowRecords = a.WindowRecords + b.WindowRecords,
        DecimatedRelayed = a.DecimatedRelayed + b.DecimatedRelayed,
        DecimatedErrors = a.DecimatedErrors + b.DecimatedErrors,
        LastDatagramNs = Math.Max(a.LastDatagramNs, b.LastDatagramNs),
        RefusingSinceNs = Math.Max(a.RefusingSinceNs, b.RefusingSinceNs),
    };
}

/// <summary>The counts of the writer thread, all read at one moment. They count datagrams unless named otherwise.</summary>
public record struct WriterTally
{
    public long Archived;
    public long ArchivedBytes;
    public long Disk;
    /// <summary>Lost in the ring by a fault or by a drain that ran out of time.</summary>
    public long Fault;

    /// <summary>Datagrams taken from the ring and accounted for.</summary>
    public readonly long Settled => Archived + Disk + Fault;

    public static WriterTally operator +(in WriterTally a, in WriterTally b) => new()
    {
        Archived = a.Archived + b.Archived,
        ArchivedBytes = a.ArchivedBytes + b.ArchivedBytes,
        Disk = a.Disk + b.Disk,
        Fault = a.Fault + b.Fault,
    };
}

/// <summary>A channel's ledger at one moment. It is exact whenever it is read.</summary>
public readonly record struct LedgerSnapshot(ReceiveTally Receive, WriterTally Writer, long KernelDrops)
{
    public static LedgerSnapshot operator +(in LedgerSnapshot a, in LedgerSnapshot b) =>
        new(a.Receive + b.Receive, a.Writer + b.Writer, a.KernelDrops + b.KernelDrops);

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
    /// <summary>
    /// The socket's queue was full, or the checksum was wrong. It never reached the process and is not part of <c>received</c>.
    /// </summary>
    Kernel,
    Invalid,
    SourceDenied,
    RingFull,
    Disk,
    Fault,
}

/// <summary>Why retention deleted an archive.</summary>
public enum DeletionReason
{
    /// <summary>The archive was older than the channel keeps its files.</summary>
    Age,

    /// <summary>The channel exceeded its quota.</summary>
    Bytes,

    /// <summary>The file system lacked room.</summary>
    FreeSpace,
}
