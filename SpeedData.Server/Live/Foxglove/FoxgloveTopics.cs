using SpeedData.Core.Channels;
using SpeedData.Core.Live;

namespace SpeedData.Server.Live.Foxglove;

/// <summary>A topic as it was announced to a client.</summary>
internal sealed record FoxgloveTopic(uint Id, KnownChannel Known, bool Decimated)
{
    public string Name => Decimated ? $"/{Known.Channel.Name}" : $"/{Known.Channel.Name}/full";

    public JsonFeedKey Feed => new(Known.Channel, Decimated, JsonStyle.Plain);

    public string Schema => RecordJson.SchemaOf(Known.Schemas!);
}

/// <summary>The topics that a client knows. One thread.</summary>
internal sealed class FoxgloveTopics(SignalCatalogue catalogue)
{
    private readonly Dictionary<uint, FoxgloveTopic> _topics = [];
    private uint _last;
    private long _version = -1;

    public FoxgloveTopic? Find(uint id) => _topics.GetValueOrDefault(id);

    /// <summary>Returns the topics that were added and removed since the last call. A new schema makes a new topic.</summary>
    public (IReadOnlyList<FoxgloveTopic> Added, IReadOnlyList<FoxgloveTopic> Removed) Follow()
    {
        catalogue.Refresh();
        if (catalogue.Version == _version)
            return ([], []);
        _version = catalogue.Version;
        KnownChannel[] now = [.. catalogue.Channels.Where(known => known.Schemas is not null)];
        FoxgloveTopic[] removed = [.. _topics.Values.Where(topic => !now.Contains(topic.Known, ReferenceEqualityComparer.Instance))];
        foreach (FoxgloveTopic topic in removed)
            _topics.Remove(topic.Id);
        HashSet<Channel> known = [.. _topics.Values.Select(topic => topic.Known.Channel)];
        FoxgloveTopic[] added = [.. now.Where(channel => !known.Contains(channel.Channel)).SelectMany(channel => (FoxgloveTopic[])[new(++_last, channel, true), new(++_last, channel, false)])];
        foreach (FoxgloveTopic topic in added)
            _topics.Add(topic.Id, topic);
        return (added, removed);
    }
}
