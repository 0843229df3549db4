using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// The channels whose folders lie on one file system. While it lacks room, the channel furthest over its fair share deletes its
/// oldest file, again and again. Retention thread.
/// </summary>
internal sealed class SharedFileSystem(ulong id, TimeProvider time)
{
    // A file system may show free room and still refuse writes (no inodes, a quota, btrfs without metadata space). Then one
    // file at a time is deleted, so that little is lost if deleting does not help.
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(1);

    // Most files that are deleted for writes that find no room. If none finds room by then, deleting does not help.
    private const int MostInVain = 3;

    private readonly List<RetainedChannel> _channels = [];
    private readonly DelayedFreeSpace _unshown = new(time);
    private readonly Deadline _refusalDue = new(time);
    private int _inVain;

    public bool IsEmpty => _channels.Count == 0;

    public void Clear() => _channels.Clear();

    public void Add(RetainedChannel channel) => _channels.Add(channel);

    /// <summary>
    /// One round: deletes until the free space that every channel asks for is there, or nothing more can be deleted.
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

    /// <summary>The file system shows free room but refused a write.</summary>
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
    /// Of the channels whose floor is above the free space and that have files to delete, the largest. The fair share (all
    /// archived bytes divided by the number of channels) is the same for each, so the largest is furthest over it.
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
        // It can no longer be measured: what was deleted counts.
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

    /// <summary>By the first folder that still exists and still lies on this file system.</summary>
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
