using Microsoft.Extensions.Logging;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// Deletes old archives of all channels, on one thread. It looks once a second, and whenever a file was finished or a write found
/// no room. It works on folders, not on pipelines, so the archive of a faulted channel ages too. No writer ever waits for it.
/// </summary>
public sealed class ArchiveRetention : IDisposable
{
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(1), LongestStop = TimeSpan.FromMilliseconds(500);

    private readonly RetentionRound _round;
    private readonly PeriodicThread _rounds;
    private readonly object _gate = new();
    private volatile RetainedChannel[] _channels = [];

    /// <param name="files">File operations; null for the platform's.</param>
    /// <param name="time">The clock for the age of files.</param>
    /// <param name="log">The log for errors that belong to no channel.</param>
    public ArchiveRetention(IArchiveFiles? files, TimeProvider time, ILogger log)
    {
        _round = new RetentionRound(files ?? PortableArchiveFiles.ForThisPlatform, time);
        _rounds = new PeriodicThread("retention", BetweenRounds, () => _round.Look(_channels), log);
    }

    /// <summary>Decides before a file is deleted; null if there is no guard. Applies to channels that are added later.</summary>
    public IFileGuard? Guard
    {
        get => _round.Guard;
        set => _round.Guard = value;
    }

    /// <summary>Any thread: keeps a folder within its limits from now on.</summary>
    internal RetainedChannel Add(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters)
    {
        lock (_gate)
        {
            RetainedChannel channel = _round.Retain(folder, limits, counters);
            folder.Finished = Guard is { } guard ? guard.Finished : null;
            folder.Changed = _rounds.Hasten;
            _channels = [.. _channels, channel];
            _rounds.Start();
            _rounds.Hasten();
            return channel;
        }
    }

    /// <summary>Any thread: stops deleting in the folder of a removed channel. Its files stay.</summary>
    internal void Remove(RetainedChannel channel)
    {
        channel.Release();
        lock (_gate)
            _channels = [.. _channels.Where(other => other != channel)];
    }

    /// <summary>Stops deleting and ends the thread. Does not wait for a thread that is in a system call.</summary>
    public void Dispose()
    {
        foreach (RetainedChannel channel in _channels)
            channel.Release();
        _rounds.TryEnd(LongestStop);
    }
}
