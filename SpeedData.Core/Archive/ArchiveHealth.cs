using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive;

/// <summary>
/// The archive's present faults. Writing and syncing have separate faults, so that the success of one does not hide the fault of
/// the other. A repeated fault stays the same object, so that it is reported once. A file system that does not answer is a fault
/// too, which only another thread can detect.
/// </summary>
internal sealed class ArchiveHealth(TimeProvider time)
{
    // A write goes to memory unless something is wrong.
    private static readonly TimeSpan PatienceWithWriting = TimeSpan.FromSeconds(2);

    // An fdatasync on a memory card takes seconds.
    private static readonly TimeSpan PatienceWithSyncing = TimeSpan.FromSeconds(10);

    private readonly Duty _writer = new("write", PatienceWithWriting);
    private readonly Duty _syncer = new("sync", PatienceWithSyncing);
    private volatile KnownFault? _writing;
    private volatile KnownFault? _syncing;
    private volatile Fault? _last;

    /// <summary>Any thread: the present fault; null if there is none.</summary>
    public Fault? Fault => (_writing ?? Stalled(_writer) ?? Stalled(_syncer) ?? _syncing)?.Fault;

    /// <summary>Any thread: the latest fault, kept after it is over.</summary>
    public Fault? LastFault => _last;

    /// <summary>Any thread: whether the latest sync, or the latest end of a file, failed.</summary>
    public bool HasSyncFault => _syncing is not null;

    /// <summary>Writer thread: marks the time in which it waits for the file system, until the scope ends.</summary>
    public WaitScope Writing() => new(_writer, time);

    /// <summary>Sync thread: marks the time in which it waits for the file system, until the scope ends.</summary>
    public WaitScope Syncing() => new(_syncer, time);

    /// <summary>Writer thread: notes a failed operation.</summary>
    public void WritingFailed(string doing, int error, Func<string> message) => _writing = Failed(_writing, doing, error, message);

    /// <summary>Writer thread: ends the fault, because writing works.</summary>
    public void WritingWorks() => _writing = null;

    /// <summary>Sync thread: notes a failed operation.</summary>
    public void SyncingFailed(string doing, int error, Func<string> message) => _syncing = Failed(_syncing, doing, error, message);

    /// <summary>Sync thread: ends the fault, because syncing works.</summary>
    public void SyncingWorks() => _syncing = null;

    private KnownFault? Stalled(Duty duty)
    {
        long since = Volatile.Read(ref duty.Since);
        if (since == 0 || time.GetElapsedTime(since) < duty.Patience)
            return null;
        // Reading threads may race: each then has its own fault for a moment, with the same text.
        if (duty.Stall is not { } stall || stall.Since != since)
        {
            KnownFault fault = Failed(null, duty.Doing, 0, () => $"the file system has not answered a {duty.Doing} for {duty.Patience.TotalSeconds:0} s; until it does, datagrams that do not fit into the ring are dropped as ring_full");
            duty.Stall = stall = new Stall(since, fault);
        }

        return stall.Known;
    }

    private KnownFault Failed(KnownFault? known, string doing, int error, Func<string> message)
    {
        KnownFault fault = KnownFault.Next(known, doing, error, message, time);
        if (fault != known)
            _last = fault.Fault;
        return fault;
    }

    /// <summary>The time in which a thread waits for the file system.</summary>
    public readonly ref struct WaitScope
    {
        private readonly Duty _duty;

        internal WaitScope(Duty duty, TimeProvider time)
        {
            _duty = duty;
            Volatile.Write(ref duty.Since, Math.Max(1, time.GetTimestamp()));
        }

        public void Dispose() => Volatile.Write(ref _duty.Since, 0);
    }

    internal sealed class Duty(string doing, TimeSpan patience)
    {
        public string Doing => doing;

        public TimeSpan Patience => patience;

        public volatile Stall? Stall;

        /// <summary>The timestamp at which the wait began; 0 if it does not wait.</summary>
        public long Since;
    }

    internal sealed record Stall(long Since, KnownFault Known);
}
