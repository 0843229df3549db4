using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// The channels whose folders are on one file system. While it lacks room, the channel furthest over its fair share deletes its
/// oldest file, again and again. Retention thread.
/// </summary>
internal sealed class SharedFileSystem(ulong id, TimeProvider time)
{
    // A file system may report free room and still refuse writes (no inodes, a quota, btrfs without metadata space). Then one
    // file at a time is deleted, so that little is lost if deleting does not help.
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(1);

    // The limit of files deleted for writes that find no room. If no write finds room by then, deleting does not help.
    private const int MostInVain = 3;

    private readonly List<RetainedChannel> _channels = [];
    private readonly DelayedFreeSpace _unshown = new(time);
    private readonly Deadline _refusalDue = new(time);
    private int _inVain;

    public bool IsEmpty => _channels.Count == 0;

    public void Clear() => _channels.Clear();

    public void Add(RetainedChannel channel) => _channels.Add(channel);

    /// <summary>
    /// Makes one round: deletes until the file system has the free space that every channel asks for, or nothing more can be deleted.
    /// </summary>
    public void LeaveRoom()
    {
        if (!TryMeasure(out FileSystemRoom room))
            return;
        bool refused = WasRefused();
        if (refused)
            _unshown.Refused();
        long free = _unshown.Expect(room.FreeBytes);
        Aim(room.TotalBytes, free);
        bool gave = false;
        while (FurthestOverShare(free) is { } channel)
            gave |= Take(channel, ref free);
        if (refused && !gave && _refusalDue.IsOver)
            GiveForRefusal(free);
    }

    /// <summary>Deletes because the file system refused a write, although it reports free room.</summary>
    private void GiveForRefusal(long free)
    {
        _refusalDue.Begin(BetweenRefusals);
        if (FurthestOverShare(free: 0) is not { } giver)
            return;
        if (_inVain >= MostInVain)
            giver.GiveUp();
        else if (Take(giver, ref free))
            _inVain++;
    }

    private void Aim(long totalBytes, long free)
    {
        long reachable = free;
        foreach (RetainedChannel channel in _channels)
            reachable = Math.Min(reachable, long.MaxValue - channel.GivableBytes) + channel.GivableBytes;
        foreach (RetainedChannel channel in _channels)
            channel.Aim(totalBytes, reachable);
    }

    /// <summary>
    /// Returns the largest of the channels that have files to delete and a floor above the free space. The fair share (all archived
    /// bytes divided by the number of channels) is the same for each, so the largest is furthest over it.
    /// </summary>
    private RetainedChannel? FurthestOverShare(long free)
    {
        RetainedChannel? furthest = null;
        foreach (RetainedChannel channel in _channels)
        {
            if (channel.Target > free && channel.Bytes > (furthest?.Bytes ?? -1) && channel.CanGive)
                furthest = channel;
        }
        return furthest;
    }

    private bool Take(RetainedChannel channel, ref long free)
    {
        if (!channel.TryDeleteOldest(DeletionReason.FreeSpace, out long bytes) || bytes == 0)
            return false;
        // The file system can no longer be measured. The deleted bytes then count as freed.
        free = TryMeasure(out FileSystemRoom room) ? _unshown.Deleted(bytes, room.FreeBytes) : free + bytes;
        return true;
    }

    private bool WasRefused()
    {
        bool refused = false;
        foreach (RetainedChannel channel in _channels)
        {
            refused |= channel.WasRefused();
            if (channel.HasFoundRoom())
                _inVain = 0;
        }

        return refused;
    }

    /// <summary>Measures through the first folder that still exists and is still on this file system.</summary>
    private bool TryMeasure(out FileSystemRoom room)
    {
        foreach (RetainedChannel channel in _channels)
        {
            if (channel.TryMeasure(out room) && room.Id == id)
                return true;
            channel.Lose();
        }
        room = default;
        return false;
    }
}
