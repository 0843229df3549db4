using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// What retention does once a second: looks at the clock, at each channel's ages and quota, then at the room on each file
/// system. Allocates nothing while there is nothing to delete. Retention thread.
/// </summary>
internal sealed class RetentionRound(IArchiveFiles files, TimeProvider time)
{
    private readonly ClockWatch _clock = new(time);
    private readonly FileSystemMap _fileSystems = new(time);
    private FileAges? _ages;

    /// <summary>A channel as a round sees it. One thread at a time.</summary>
    public RetainedChannel Retain(ArchiveFolder folder, ArchiveOptions limits, ChannelCounters counters) =>
        new(folder, limits, counters, files, _ages ??= new FileAges(time, _clock), time);

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
