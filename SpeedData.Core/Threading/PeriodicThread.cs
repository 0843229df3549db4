using Microsoft.Extensions.Logging;

namespace SpeedData.Core.Threading;

/// <summary>
/// A thread that runs a round at every interval, and on request. It is not a timer of the thread pool: that would keep the pool's gate
/// thread awake, which asks the kernel twice a second for the CPU time of all threads, 0.6 ms with 1,000 channels.
/// </summary>
/// <param name="name">The name of the thread.</param>
/// <param name="interval">The longest time between the end of a round and the next.</param>
/// <param name="round">The work of a round. If it throws, the exception is logged, and the next round comes.</param>
/// <param name="log">The log for these exceptions.</param>
public sealed class PeriodicThread(string name, TimeSpan interval, Action round, ILogger log)
{
    private readonly object _gate = new();
    private OwnedThread? _thread;
    private bool _isWanted;
    private bool _due;
    private bool _stopping;

    /// <summary>Any thread: starts the thread, if it does not run. The first round comes after the interval, or on request.</summary>
    public void Start()
    {
        lock (_gate)
            StartIfThereIsRoom();
    }

    /// <summary>Any thread: requests a round soon, without waiting for it.</summary>
    public void Hasten()
    {
        lock (_gate)
        {
            _due = true;
            if (_isWanted)
                StartIfThereIsRoom();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Any other thread: ends the rounds, and waits for the present one.</summary>
    /// <returns>False if that round was still running when the time was over.</returns>
    public bool TryEnd(TimeSpan patience)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        return _thread?.Join(patience) != false;
    }

    private void StartIfThereIsRoom()
    {
        _isWanted = true;
        try
        {
            _thread ??= OwnedThread.Start(name, Work);
        }
        catch (ThreadRoomException)
        {
            // The next request for a round tries again. Recording continues without rounds.
        }
    }

    private void Work()
    {
        while (IsDue())
            MakeRound();
    }

    private void MakeRound()
    {
        try
        {
            round();
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    private void Report(Exception e)
    {
        try
        {
            log.LogError("The {Thread} thread failed, and continues: {Error}", name, e.Message);
        }
        catch (Exception)
        {
            // A log that fails too is no reason to stop.
        }
    }

    /// <summary>Sleeps until a round is due or requested. An additional round does no harm.</summary>
    /// <returns>False if no round follows.</returns>
    private bool IsDue()
    {
        lock (_gate)
        {
            if (!_due && !_stopping)
                Monitor.Wait(_gate, interval);
            _due = false;
            return !_stopping;
        }
    }
}
