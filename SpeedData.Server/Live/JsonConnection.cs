using System.Net.WebSockets;
using SpeedData.Core.Channels;

namespace SpeedData.Server.Live;

/// <summary>A page of the predecessor: gets the decimated records of one channel as JSON texts.</summary>
/// <param name="socket">Its connection.</param>
/// <param name="channel">The channel.</param>
/// <param name="services">What connections share.</param>
/// <param name="feeds">Where records come from.</param>
internal sealed class JsonConnection(WebSocket socket, string channel, LiveServices services, JsonFeeds feeds) : IJsonSink, IDisposable
{
    private const int MostWaitingBytes = 256 << 10;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly MessageQueue _queue = new(MostWaitingBytes);
    private readonly SocketOutput _output = new(socket, services.Time);
    private readonly Wakeup _wakeup = new();
    private JsonFeedKey? _feed;
    private byte[] _message = [];
    private volatile bool _hasEnded;

    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.Register(_wakeup.Wake);
        Task<Ending> reading = ReadAsync();
        try
        {
            while (!_hasEnded && !stop.IsCancellationRequested)
            {
                Follow();
                while (_queue.Take(ref _message) is { } message)
                    await _output.SendAsync(message, WebSocketMessageType.Text);
                await _wakeup.SleepAsync(BetweenLooks);
            }

            await _output.CloseAsync(stop.IsCancellationRequested ? Ending.OfServer : await reading);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone.
        }
        finally
        {
            if (_feed is { } feed)
                feeds.Remove(feed, this);
            if (!reading.IsCompleted)
                socket.Abort();
            await reading;
        }
    }

    public void Take(ReadOnlySpan<byte> json, long receivedNs)
    {
        _queue.Add(json, []);
        _wakeup.Wake();
    }

    public void Lose(long datagrams)
    {
        // The predecessor's page knows of no losses.
    }

    public void Dispose()
    {
        _output.Dispose();
        _wakeup.Dispose();
    }

    /// <summary>A channel of that name may be removed, and another added.</summary>
    private void Follow()
    {
        services.Catalogue.Refresh();
        Channel? now = services.Catalogue.Find(channel)?.Channel;
        if (now == _feed?.Channel)
            return;
        if (_feed is { } before)
            feeds.Remove(before, this);
        _feed = now is null ? null : new JsonFeedKey(now, Decimated: true, JsonStyle.Predecessors);
        if (_feed is { } feed)
            feeds.Add(feed, this);
    }

    private async Task<Ending> ReadAsync()
    {
        Ending ending = await new SocketInput(socket, LiveConnection.LongestMessage, takesBinary: true).ReadAsync(_ => ValueTask.FromResult<Ending?>(null));
        _hasEnded = true;
        _wakeup.Wake();
        return ending;
    }
}
