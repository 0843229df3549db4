using System.Net.WebSockets;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Live;

/// <summary>A page of the predecessor: gets the decimated records of one channel as JSON texts.</summary>
/// <param name="socket">Its connection.</param>
/// <param name="channel">The channel.</param>
/// <param name="services">What connections share.</param>
/// <param name="feeds">Where records come from.</param>
internal sealed class JsonConnection(WebSocket socket, string channel, LiveServices services, JsonFeeds feeds)
    : Watcher(socket, services.Time, LiveConnection.LongestMessage, takesBinary: true), IJsonSink
{
    private const int MostWaitingBytes = 256 << 10;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly MessageQueue _queue = new(MostWaitingBytes);
    private JsonFeedKey? _feed;
    private byte[] _message = [];

    public void Take(ReadOnlySpan<byte> json, long receivedNs)
    {
        _queue.Add(json, []);
        Wake();
    }

    public void Lose(long datagrams)
    {
        // The predecessor's page knows of no losses.
    }

    protected override async Task SendAllAsync()
    {
        while (IsConnected)
        {
            Follow();
            while (_queue.Take(ref _message) is { } message)
                await SendTextAsync(message);
            await SleepAsync(BetweenLooks);
        }
    }

    /// <summary>What the predecessor's page sends means nothing.</summary>
    protected override ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message) => ValueTask.FromResult<Ending?>(null);

    protected override void Leave()
    {
        if (_feed is { } feed)
            feeds.Remove(feed, this);
    }

    /// <summary>A channel of that name may be removed, and another added.</summary>
    private void Follow()
    {
        services.Catalogue.Refresh();
        Channel? now = services.Catalogue.Find(channel)?.Channel;
        if (now == _feed?.Channel)
            return;
        Leave();
        _feed = now is null ? null : new JsonFeedKey(now, Decimated: true, JsonStyle.Predecessors);
        if (_feed is { } feed)
            feeds.Add(feed, this);
    }
}
