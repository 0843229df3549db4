using SpeedData.Core.Channels;

namespace SpeedData.Server.Live;

/// <summary>Sends a watcher the changes of channels and signals. One thread.</summary>
internal sealed class StateSender(LiveServices services)
{
    private const int ChannelsAtOnce = 50;

    private readonly HashSet<string> _knownSignals = new(StringComparer.Ordinal);
    private HashSet<Channel> _known = [];
    private long _version;

    /// <summary>Sends what changed since the last call.</summary>
    public async Task SendAsync(LiveMessages messages, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        (IReadOnlyCollection<StateOfChannel> channels, DateTimeOffset readAt, long version) = services.States.Look();
        HashSet<Channel> now = [.. channels.Select(state => state.Channel)];
        string[] removed = [.. _known.Where(channel => !now.Contains(channel)).Select(channel => channel.Name).Except(now.Select(channel => channel.Name))];
        ReadOnlyMemory<byte>[] changed = [.. channels.Where(state => state.Version > _version || !_known.Contains(state.Channel))
            .Select(state => _known.Contains(state.Channel) && state.ConfigVersion <= _version ? state.WithoutConfig : state.Whole)];
        (_known, _version) = (now, version);
        foreach (ReadOnlyMemory<byte>[] some in changed.Chunk(ChannelsAtOnce).DefaultIfEmpty([]))
        {
            await send(messages.Channels(services.NowMs(), LiveServices.Ms(readAt), services.Storage.Room, some, removed));
            removed = [];
        }
    }

    /// <summary>Sends the signals of the channels that changed after a version of the catalogue.</summary>
    public async Task SendSignalsAsync(LiveMessages messages, Func<ReadOnlyMemory<byte>, ValueTask> send, long since)
    {
        IReadOnlyCollection<KnownChannel> channels = services.Catalogue.Channels;
        HashSet<string> now = [.. channels.Select(known => known.Channel.Name)];
        string[] removed = [.. _knownSignals.Where(name => !now.Contains(name))];
        _knownSignals.ExceptWith(removed);
        _knownSignals.UnionWith(now);
        KnownChannel[][] parts = [.. channels.Where(known => known.Version > since).Chunk(ChannelsAtOnce)];
        if (parts.Length == 0)
            parts = [[]];
        for (int i = 0; i < parts.Length; i++)
            await send(messages.Signals(parts[i], i == 0 ? removed : [], isComplete: i == parts.Length - 1));
    }
}
