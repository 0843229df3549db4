namespace SpeedData.Core.Archive.Retention;

/// <summary>Knows which channels share a file system. A channel's folder may be a mount point. Retention thread.</summary>
internal sealed class FileSystemMap(TimeProvider time)
{
    private readonly Dictionary<ulong, SharedFileSystem> _byId = [];
    private RetainedChannel[] _mapped = [];

    /// <summary>Finds the file systems of the channels' folders again, if they may have changed.</summary>
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
