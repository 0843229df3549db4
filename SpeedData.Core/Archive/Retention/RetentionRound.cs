using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// What retention does once a second: looks at the clock, at each channel's ages and quota, then at the room on each file
/// system. Allocates nothing while there is nothing to delete. Retention thread.
/// </summary>
/// <param name="files">File operations.</param>
/// <param name="time">How old files are.</param>
/// <param name="watch">Is notified of what happens to each file; null for nobody.</param>
/// <param name="clock">Judges the wall clock; null: a new one that starts to watch it now.</param>
internal sealed class RetentionRound(IArchiveFiles files, TimeProvider time, IRetentionWatch? watch = null, ClockWatch? clock = null)
{
    private readonly ClockWatch _clock = clock ?? new ClockWatch(time);
    private readonly FileSystemMap _fileSystems = new(time);
    private FileAges? _ages;

    /// <summary>Is asked before a file is deleted; null for nobody.</summary>
    public IFileGuard? Guard { get; set; }

    /// <summary>A channel as a round sees it. One thread at a time.</summary>
    public RetainedChannel Retain(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters) =>
        new(folder, limits, counters, new RetentionMeans(files, _ages ??= new FileAges(time, _clock), time, Guard, watch));

    /// <param name="channels">All there are; the same array as long as they are the same.</param>
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
