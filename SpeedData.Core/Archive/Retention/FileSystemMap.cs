namespace SpeedData.Core.Archive.Retention;

/// <summary>Which channels share which file system. A channel's folder may be a mount point of its own. Retention thread.</summary>
internal sealed class FileSystemMap(TimeProvider time)
{
    private readonly Dictionary<ulong, SharedFileSystem> _byId = [];
    private RetainedChannel[] _mapped = [];

    /// <summary>Finds out where the channels' folders lie, as far as that may have changed.</summary>
    public void Update(RetainedChannel[] channels)
    {
        bool moved = channels != _mapped;
        foreach (RetainedChannel channel in channels)
            moved |= channel.Locate();
        if (moved)
            Map(channels);
    }

    public void LeaveRoom()
    {
        foreach (SharedFileSystem shared in _byId.Values)
            shared.LeaveRoom();
    }

    private void Map(RetainedChannel[] channels)
    {
        _mapped = channels;
        foreach (SharedFileSystem shared in _byId.Values)
            shared.Clear();
        foreach (RetainedChannel channel in channels)
        {
            if (channel.FileSystem is { } id)
                Of(id).Add(channel);
        }
        foreach ((ulong id, SharedFileSystem shared) in _byId)
        {
            if (shared.IsEmpty)
                _byId.Remove(id);
        }
    }

    private SharedFileSystem Of(ulong id)
    {
        if (!_byId.TryGetValue(id, out SharedFileSystem? shared))
            _byId.Add(id, shared = new SharedFileSystem(id, time));
        return shared;
    }
}
