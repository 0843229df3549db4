using SpeedData.Core.Configuration;
using SpeedData.Core.Host;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// What follows a failure: it is reported, and blocks are dropped for a pause that grows. While nothing arrives,
/// an attempt is made now and then, so that the archive of a silent device recovers too. Writer thread.
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

    /// <param name="hasFile">Whether a file is being written: that one shows whether syncing works again.</param>
    public bool IsTrialDue(bool hasFile) => UntilTrial(hasFile) == TimeSpan.Zero;

    /// <summary>Time until the next attempt; <see cref="Timeout.InfiniteTimeSpan"/> if nothing is wrong.</summary>
    public TimeSpan UntilTrial(bool hasFile)
    {
        if (HasBegun)
            return time.Left(_pause, _pausedAt);
        return !hasFile && health.HasSyncFault ? time.Left(LongestPause, _triedAt) : Timeout.InfiniteTimeSpan;
    }

    /// <summary>The next attempt after a failed sync is due a pause from now.</summary>
    public void Tried() => _triedAt = time.GetTimestamp();

    /// <summary>A block was not written whole.</summary>
    public void Begin(string path, WriteResult result)
    {
        if (result.Error == 0)
            // Reported as a full disk, the usual cause: the next attempt gets ENOSPC, and one outage is one fault.
            Begin("write", Errno.NoSpace, () => ArchiveFaultText.OfShortWrite(path, result.Written));
        else
            Begin("write", path, result.Error);
    }

    /// <param name="doing">What failed.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="error">errno.</param>
    public void Begin(string doing, string path, int error)
    {
        Begin(doing, error, () => error == Errno.Again ? ArchiveFaultText.OfHeldFolder(folder.Path, folder.Holder) : ArchiveFaultText.Of(doing, path, folder.Path, error));
        if (Errno.IsLackOfRoom(error))
            folder.RoomRefused();
    }

    /// <summary>The file may not become larger. That is reported, and the next file begins without a pause.</summary>
    public void MetSizeLimit(string path) =>
        health.WritingFailed("write", Errno.FileTooLarge, () => ArchiveFaultText.OfSizeLimit(path, FileSizeLimit.Current));

    /// <summary>Writing works.</summary>
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
