using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Recovers the files that an earlier process left in a folder. It runs on a separate thread while recording continues, so that no
/// datagram waits for it. Retries what could not be done, for example on a full disk.
/// </summary>
internal sealed class RecoveryWorker(string threadName, FolderRecovery recovery, ArchiveFolder folder) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private OwnedThread? _thread;
    private bool _running;

    /// <summary>Any thread: the results for part files, in the order of recovery.</summary>
    public IReadOnlyList<RecoveryReport> Reports => recovery.Reports;

    /// <summary>Writer: recovers the leftovers of the folder, if there are any and recovery does not already run.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_running || _stopping.IsCancellationRequested)
                return;
            _running = true;
            folder.HasLeftovers = false;
            try
            {
                _thread = OwnedThread.Start(threadName, Work);
            }
            catch (ThreadRoomException)
            {
                // The writer calls again with its next block.
                _running = false;
                folder.HasLeftovers = true;
            }
        }
    }

    /// <summary>Writer: stops the recovery soon, at any point. The next process continues it.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopping.Cancel();
        _thread?.Join(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Runs a pass and catches every exception, because an exception that leaves the thread would end the process.</summary>
    private bool TryRun()
    {
        try
        {
            // An earlier writer that still drains may use the same files.
            folder.Recovering.Wait(_stopping.Token);
            try
            {
                return recovery.Run(_stopping.Token);
            }
            finally
            {
                folder.Recovering.Release();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            recovery.Fail(e);
            return false;
        }
    }

    private void Work()
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        try
        {
            while (!TryRun() && !_stopping.Token.WaitHandle.WaitOne(backoff.Next()))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The process is ending.
        }

        lock (_gate)
            _running = false;
    }
}
