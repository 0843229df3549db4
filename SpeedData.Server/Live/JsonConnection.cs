using System.Net.WebSockets;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Live;

/// <summary>Connection of a page of the predecessor: sends the decimated records of one channel as JSON texts.</summary>
/// <param name="socket">The connection.</param>
/// <param name="channel">The channel.</param>
/// <param name="services">Services that all connections share.</param>
/// <param name="feeds">The source of records.</param>
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
        // The predecessor's protocol has no message for losses.
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

    /// <summary>Ignores messages: those of the predecessor's page have no meaning.</summary>
    protected override ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message) => ValueTask.FromResult<Ending?>(null);

    protected override void Leave()
    {
        if (_feed is { } feed)
            feeds.Remove(feed, this);
    }

    /// <summary>Switches to the present channel with this name, in case it was removed and added again.</summary>
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
