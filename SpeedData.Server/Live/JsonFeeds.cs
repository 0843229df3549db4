using SpeedData.Core.Channels;
using SpeedData.Core.Live;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Live;

/// <summary>The JSON form of records.</summary>
internal enum JsonStyle
{
    /// <summary>All fields unchanged.</summary>
    Plain,

    /// <summary>As the predecessor: <c>time</c> is an ISO text.</summary>
    Predecessors,
}

/// <summary>Identifies a feed: records of one channel in one form.</summary>
internal readonly record struct JsonFeedKey(Channel Channel, bool Decimated, JsonStyle Style);

/// <summary>Receives records as JSON on the watch thread. It must not wait.</summary>
internal interface IJsonSink
{
    void Take(ReadOnlySpan<byte> json, long receivedNs);

    /// <summary>Reports datagrams that were lost before they could be converted.</summary>
    void Lose(long datagrams);
}

/// <summary>Converts each record once, for all clients of a feed. Any thread.</summary>
internal sealed class JsonFeeds(Watch watch)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<JsonFeedKey, Feed> _feeds = [];

    public void Add(JsonFeedKey key, IJsonSink sink)
    {
        lock (_gate)
        {
            bool isNew = !_feeds.TryGetValue(key, out Feed? feed);
            if (feed is null)
                _feeds.Add(key, feed = new Feed(key));
            feed.Sinks = [.. feed.Sinks, sink];
            if (isNew)
                watch.Add(key.Channel, feed);
        }
    }

    public void Remove(JsonFeedKey key, IJsonSink sink)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(key, out Feed? feed))
                return;
            feed.Sinks = [.. feed.Sinks.Where(other => other != sink)];
            if (feed.Sinks.Length > 0)
                return;
            _feeds.Remove(key);
            watch.Remove(key.Channel, feed);
        }
    }

    private sealed class Feed(JsonFeedKey key) : IRecordListener
    {
        private readonly RecordJson _json = new();
        private volatile IJsonSink[] _sinks = [];

        public IJsonSink[] Sinks
        {
            get => _sinks;
            set => _sinks = value;
        }

        public bool WantsDecimated => key.Decimated;

        public void Take(ReadOnlySpan<byte> record, RecordLayout layout, long receivedNs)
        {
            ReadOnlySpan<byte> json = key.Style == JsonStyle.Plain ? _json.Of(record, layout) : _json.AsPredecessor(record, layout, key.Channel.Options, receivedNs);
            foreach (IJsonSink sink in _sinks)
                sink.Take(json, receivedNs);
        }

        public void Lose(long datagrams)
        {
            foreach (IJsonSink sink in _sinks)
                sink.Lose(datagrams);
        }
    }
}
