using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive.Recovery;

/// <summary>
/// Recovers the files that an earlier process left in a folder. It runs on its own thread while recording goes on, so that no datagram
/// waits for it. Tries again what could not be done, as on a full disk.
/// </summary>
internal sealed class RecoveryWorker(string threadName, FolderRecovery recovery, ArchiveFolder folder) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private OwnedThread? _thread;
    private bool _running;

    /// <summary>Any thread: what was done, oldest first.</summary>
    public IReadOnlyList<RecoveryReport> Reports => recovery.Reports;

    /// <summary>Writer, if the folder has leftovers: recovers them, unless that is under way already.</summary>
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
                // The writer asks again with its next block.
                _running = false;
                folder.HasLeftovers = true;
            }
        }
    }

    /// <summary>Writer: stops it soon, wherever it is; the next process continues.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopping.Cancel();
        _thread?.Join(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Catches every exception of a pass, because one that left the thread would end the process.</summary>
    private bool TryRun()
    {
        try
        {
            // A writer that still drains while its successor runs may use the same files.
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
            // The process ends.
        }

        lock (_gate)
            _running = false;
    }
}
