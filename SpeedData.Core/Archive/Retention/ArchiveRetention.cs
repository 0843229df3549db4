using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Deletes old archives of all channels, on one thread: looks once a second, and when a file was finished or room was
/// refused. It knows folders, not pipelines: the archive of a channel that faulted ages too. No writer ever waits for it.
/// </summary>
public sealed class ArchiveRetention : IDisposable
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(1), LongestStop = TimeSpan.FromSeconds(2);

    private readonly RetentionRound _round;
    private readonly object _gate = new();
    private volatile RetainedChannel[] _channels = [];
    private OwnedThread? _thread;
    private bool _due;
    private bool _stopping;

    /// <param name="files">File operations; null for the platform's.</param>
    /// <param name="time">How old files are.</param>
    public ArchiveRetention(IArchiveFiles? files, TimeProvider time) =>
        _round = new RetentionRound(files ?? PortableArchiveFiles.ForThisPlatform, time);

    /// <summary>Any thread: from now on this folder is kept within its limits.</summary>
    internal RetainedChannel Add(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters)
    {
        lock (_gate)
        {
            RetainedChannel channel = _round.Retain(folder, limits, counters);
            folder.Changed = LookSoon;
            _channels = [.. _channels, channel];
            _thread ??= OwnedThread.Start("retention", Work);
            LookSoon();
            return channel;
        }
    }

    /// <summary>Any thread: the channel is no more; what it left behind stays.</summary>
    internal void Remove(RetainedChannel channel)
    {
        channel.Release();
        lock (_gate)
            _channels = [.. _channels.Where(other => other != channel)];
    }

    /// <summary>Deletes no more and ends the thread; one that sits in a system call is not waited for.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        foreach (RetainedChannel channel in _channels)
            channel.Release();
        _thread?.Join(LongestStop);
    }

    private void Work()
    {
        while (IsDue())
            _round.Look(_channels);
    }

    /// <summary>Sleeps until it is time for a round, or somebody wants one. A round too many does no harm.</summary>
    /// <returns>False once there will be none.</returns>
    private bool IsDue()
    {
        lock (_gate)
        {
            if (!_due && !_stopping)
                Monitor.Wait(_gate, BetweenRounds);
            _due = false;
            return !_stopping;
        }
    }

    private void LookSoon()
    {
        lock (_gate)
        {
            _due = true;
            Monitor.PulseAll(_gate);
        }
    }
}
