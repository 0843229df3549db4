using SpeedData.Core.Diagnostics;

namespace SpeedData.Server.Http;

/// <summary>A channel's counts, all read at one moment. They count datagrams unless the name says otherwise.</summary>
internal sealed record CountersView(
    long Received,
    long ReceivedBytes,
    long Archived,
    long ArchivedBytes,
    long Pending,
    DroppedView Dropped,
    StreamCountView Relayed,
    StreamCountView RelayErrors,
    long WindowRecords,
    long SyncErrors,
    DeletedFilesView DeletedFiles,
    long Restarts,
    DateTimeOffset? LastDatagramAt)
{
    public static CountersView Of(ChannelCounters counters)
    {
        LedgerSnapshot ledger = counters.Snapshot();
        ReceiveTally receive = ledger.Receive;
        return new CountersView(
            receive.Received,
            receive.ReceivedBytes,
            ledger.Writer.Archived,
            ledger.Writer.ArchivedBytes,
            ledger.Pending,
            DroppedView.Of(ledger),
            new StreamCountView(receive.FullRelayed, receive.DecimatedRelayed),
            new StreamCountView(receive.FullErrors, receive.DecimatedErrors),
            receive.WindowRecords,
            counters.SyncErrors,
            DeletedFilesView.Of(counters),
            counters.Restarts,
            receive.LastDatagramNs > 0 ? DateTimeOffset.UnixEpoch.AddTicks(receive.LastDatagramNs / 100) : null);
    }
}

/// <summary>Datagrams that are in no archive, by reason.</summary>
internal sealed record DroppedView(long Kernel, long Invalid, long SourceDenied, long RingFull, long Disk, long Fault)
{
    public static DroppedView Of(LedgerSnapshot ledger) => new(
        ledger.Dropped(DropReason.Kernel),
        ledger.Dropped(DropReason.Invalid),
        ledger.Dropped(DropReason.SourceDenied),
        ledger.Dropped(DropReason.RingFull),
        ledger.Dropped(DropReason.Disk),
        ledger.Dropped(DropReason.Fault));
}

/// <summary>Archives that retention deleted, by reason.</summary>
internal sealed record DeletedFilesView(long Age, long Bytes, long FreeSpace)
{
    public static DeletedFilesView Of(ChannelCounters counters) => new(
        counters.DeletedFiles(DeletionReason.Age), counters.DeletedFiles(DeletionReason.Bytes), counters.DeletedFiles(DeletionReason.FreeSpace));
}

/// <summary>One count for each stream.</summary>
internal sealed record StreamCountView(long Full, long Decimated);
