using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// One round of retention, once a second: checks the clock, each channel's ages and quota, then the room on each file system.
/// Allocates nothing if there is nothing to delete. Retention thread.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="time">The clock for the age of files.</param>
/// <param name="watch">Is notified of each file that is deleted or stays; null if nobody is.</param>
/// <param name="clock">Judges the wall clock; null for a new one that starts now.</param>
internal sealed class RetentionRound(IArchiveFiles files, TimeProvider time, IRetentionWatch? watch = null, ClockWatch? clock = null)
{
    private readonly ClockWatch _clock = clock ?? new ClockWatch(time);
    private readonly FileSystemMap _fileSystems = new(time);
    private FileAges? _ages;

    /// <summary>Decides before a file is deleted; null if there is none.</summary>
    public IFileGuard? Guard { get; set; }

    /// <summary>Makes a channel's retention. One thread at a time.</summary>
    public RetainedChannel Retain(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters) =>
        new(folder, limits, counters, new RetentionMeans(files, _ages ??= new FileAges(time, _clock), time, Guard, watch));

    /// <param name="channels">All channels; the same array as long as they are the same.</param>
    public void Look(RetainedChannel[] channels)
    {
        _clock.Look();
        foreach (RetainedChannel channel in channels)
            LookAt(channel);
        LeaveRoom(channels);
        foreach (RetainedChannel channel in channels)
            channel.EndLook();
    }

    private static void LookAt(RetainedChannel channel)
    {
        try
        {
            channel.Look();
        }
        catch (Exception e)
        {
            channel.Fail(e);
        }
    }

    private void LeaveRoom(RetainedChannel[] channels)
    {
        try
        {
            _fileSystems.Update(channels);
            _fileSystems.LeaveRoom();
        }
        catch (Exception e)
        {
            foreach (RetainedChannel channel in channels)
                channel.Fail(e);
        }
    }
}
