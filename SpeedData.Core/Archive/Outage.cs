using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// The time after a failure: reports it, and drops blocks for a pause that grows. While nothing arrives, an attempt is made now and
/// then, so that the archive of a silent device recovers too. Writer thread.
/// </summary>
internal sealed class Outage(ArchiveFolder folder, ArchiveHealth health, RestartOptions backoff, TimeProvider time)
{
    // Whatever the supervisor's delays are, archiving resumes within 2 s after the disk returns.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(backoff.InitialDelay, backoff.MaxDelay < LongestPause ? backoff.MaxDelay : LongestPause);
    private TimeSpan _pause;
    private long _pausedAt;
    private long _triedAt;

    /// <summary>Whether the latest attempt to write failed.</summary>
    public bool HasBegun => _pause > TimeSpan.Zero;

    /// <summary>Whether blocks are dropped without an attempt.</summary>
    public bool IsPaused => HasBegun && time.GetElapsedTime(_pausedAt) < _pause;

    /// <param name="hasFile">Whether a file is being written. That file then shows whether syncing works again.</param>
    public bool IsTrialDue(bool hasFile) => UntilTrial(hasFile) == TimeSpan.Zero;

    /// <summary>Returns the time until the next attempt; <see cref="Timeout.InfiniteTimeSpan"/> if nothing is wrong.</summary>
    public TimeSpan UntilTrial(bool hasFile)
    {
        if (HasBegun)
            return time.Left(_pause, _pausedAt);
        return !hasFile && health.HasSyncFault ? time.Left(LongestPause, _triedAt) : Timeout.InfiniteTimeSpan;
    }

    /// <summary>Postpones the next attempt after a failed sync by one pause.</summary>
    public void Tried() => _triedAt = time.GetTimestamp();

    /// <summary>Begins an outage because a block was not written completely.</summary>
    public void Begin(string path, WriteResult result)
    {
        if (result.Error == 0)
            // Reported as a full disk, the usual cause. The next attempt gets ENOSPC, and so one outage is one fault.
            Begin("write", Errno.NoSpace, () => ArchiveFaultText.OfShortWrite(path, result.Written));
        else
            Begin("write", path, result.Error);
    }

    /// <param name="doing">The operation that failed.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="error">The errno.</param>
    public void Begin(string doing, string path, int error)
    {
        Begin(doing, error, () => error == Errno.Again ? ArchiveFaultText.OfHeldFolder(folder.Path, folder.Holder) : ArchiveFaultText.Of(doing, path, folder.Path, error));
        if (Errno.IsLackOfRoom(error))
            folder.RoomRefused();
    }

    /// <summary>Reports that the file may not become larger. The next file begins without a pause.</summary>
    public void MetSizeLimit(string path) =>
        health.WritingFailed("write", Errno.FileTooLarge, () => ArchiveFaultText.OfSizeLimit(path, FileSizeLimit.Current));

    /// <summary>Ends the outage, because writing works.</summary>
    public void End()
    {
        folder.RoomFound();
        _pause = TimeSpan.Zero;
        _backoff.Reset();
        health.WritingWorks();
    }

    private void Begin(string doing, int error, Func<string> message)
    {
        health.WritingFailed(doing, error, message);
        folder.Forget();
        _pause = _backoff.Next();
        _pausedAt = time.GetTimestamp();
    }
}
