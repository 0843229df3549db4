using SpeedData.Core.Archive;

namespace SpeedData.Core.Tags;

/// <summary>
/// Files of channels that have a second name in a tag, or must stay until they have one. Deleting them frees no space. Any thread; never
/// blocks.
/// </summary>
internal sealed class SharedFiles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ArchiveName, long> _bytes = [];
    private readonly Dictionary<string, long> _byChannel = new(StringComparer.Ordinal);

    public bool Has(ArchiveName name)
    {
        lock (_gate)
            return _bytes.ContainsKey(name);
    }

    public long Of(string channel)
    {
        lock (_gate)
            return _byChannel.GetValueOrDefault(channel);
    }

    public void Add(ArchiveName name, long bytes)
    {
        lock (_gate)
        {
            if (_bytes.TryAdd(name, bytes))
                _byChannel[name.Channel] = _byChannel.GetValueOrDefault(name.Channel) + bytes;
        }
    }

    public void Remove(ArchiveName name)
    {
        lock (_gate)
        {
            if (_bytes.Remove(name, out long bytes))
                _byChannel[name.Channel] -= bytes;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _bytes.Clear();
            _byChannel.Clear();
        }
    }
}
