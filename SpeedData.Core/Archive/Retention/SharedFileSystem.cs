using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Archive.Retention;

/// <summary>
/// The channels whose folders lie on one file system: while it lacks room, the one furthest over its fair share gives its
/// oldest file up, again and again. Retention thread.
/// </summary>
internal sealed class SharedFileSystem(ulong id, TimeProvider time)
{
    // A file system that has room by its own figures and refuses some all the same (no inodes, a quota, btrfs without
    // space for metadata) gets one file at a time, so that a refusal that no deletion mends costs little.
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(1);

    // So many files are given for writes that find no room; if none finds any by then, deleting does not help.
    private const int MostInVain = 3;

    private readonly List<RetainedChannel> _channels = [];
    private readonly UnshownRoom _unshown = new(time);
    private readonly Deadline _refusalDue = new(time);
    private int _inVain;

    public bool IsEmpty => _channels.Count == 0;

    public void Clear() => _channels.Clear();

    public void Add(RetainedChannel channel) => _channels.Add(channel);

    /// <summary>One round: deletes until the space that every channel wants free is free, or nothing can be deleted.</summary>
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

    /// <summary>A file system that has room by its own figures refused a write all the same.</summary>
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
    /// Of the channels below whose own floor the free space lies, and which have something to give. The fair share, all
    /// archived bytes divided by the number of channels, is the same for each: furthest over it is who has the most.
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
        // Cannot be measured any more: what was deleted counts.
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

    /// <summary>By the first folder that is still there, and still on this file system.</summary>
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
