using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using SpeedData.Core.Live;

namespace SpeedData.Server.Live;

/// <summary>What connections share.</summary>
internal sealed record LiveServices(Watch Watch, SignalCatalogue Catalogue, ChannelStates States, TimeProvider Time, string Version)
{
    public double NowMs() => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}

/// <summary>
/// A watcher: one task reads what it asks, another sends. While a message does not leave, nothing is queued behind it: rows
/// become wider, and states are read when they can be sent.
/// </summary>
internal sealed class LiveConnection(WebSocket socket, LiveServices services) : IDisposable
{
    public const int MostSignals = 2_000, MostSubscriptions = 64, LongestMessage = 64 << 10;

    private const int MostWrong = 100, MostRequestsWaiting = 16;

    private static readonly TimeSpan BetweenStates = TimeSpan.FromSeconds(1);

    private readonly SocketOutput _output = new(socket, services.Time);
    private readonly LiveMessages _messages = new();
    private readonly Channel<LiveRequest> _requests = System.Threading.Channels.Channel.CreateBounded<LiveRequest>(MostRequestsWaiting);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SortedDictionary<uint, Subscription> _subscriptions = [];
    private readonly StateSender _states = new(services);
    private volatile NumberedTable[] _tables = [];
    private long _catalogue;
    private uint _lastTable;
    private int _wrong;
    private volatile bool _hasEnded;

    /// <summary>Returns when the watcher has gone, or the server ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        services.Watch.RoundEnded += WakeIfSomethingWaits;
        using CancellationTokenRegistration stopping = stop.Register(Wake);
        Task<(WebSocketCloseStatus Status, string Why)> reading = ReadAsync();
        try
        {
            await SendAllAsync(stop);
            (WebSocketCloseStatus status, string why) = stop.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "the server ends") : await reading;
            await _output.CloseAsync(status, why);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone.
        }
        finally
        {
            services.Watch.RoundEnded -= WakeIfSomethingWaits;
            foreach (NumberedTable table in _tables)
                services.Watch.Remove(table.Channel, table.Table);
            socket.Abort();
            _requests.Writer.TryComplete();
            await reading;
        }
    }

    public void Dispose()
    {
        _messages.Dispose();
        _output.Dispose();
        _wake.Dispose();
        socket.Dispose();
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        services.Catalogue.Refresh();
        await SendTextAsync(_messages.Hello(services.Version, services.NowMs()));
        long states = 0;
        while (!_hasEnded && !stop.IsCancellationRequested)
        {
            if (states == 0 || services.Time.GetElapsedTime(states) >= BetweenStates)
            {
                states = services.Time.GetTimestamp();
                await FollowCatalogueAsync();
                await _states.SendAsync(_messages, SendTextAsync);
            }

            while (_requests.Reader.TryRead(out LiveRequest? request))
                await AnswerAsync(request);
            foreach (NumberedTable table in _tables)
                await SendAsync(table);
            TimeSpan left = BetweenStates - services.Time.GetElapsedTime(states);
            if (left > TimeSpan.Zero)
                await _wake.WaitAsync(left, CancellationToken.None);
        }
    }

    private async ValueTask SendAsync(NumberedTable table)
    {
        if (table.Table.Waiting.Any)
            await SendTextAsync(_messages.Changes(table));
        if (table.Table.Rows.Any)
            await _output.SendAsync(_messages.Frame(table, services.NowMs), WebSocketMessageType.Binary);
    }

    private ValueTask SendTextAsync(ReadOnlyMemory<byte> message) => _output.SendAsync(message, WebSocketMessageType.Text);

    private async Task AnswerAsync(LiveRequest request)
    {
        switch (request.Kind)
        {
            case LiveRequestKind.Ping:
                await SendTextAsync(_messages.Pong(request.Token, services.NowMs()));
                break;
            case LiveRequestKind.Wrong:
                await SendTextAsync(_messages.Error(request.Id, request.Error!));
                break;
            case LiveRequestKind.Unsubscribe:
                if (_subscriptions.Remove(request.Id!.Value))
                    UseTables();
                break;
            default:
                await SubscribeAsync(request);
                break;
        }
    }

    private async Task SubscribeAsync(LiveRequest request)
    {
        _subscriptions.Remove(request.Id!.Value);
        if (_subscriptions.Count == MostSubscriptions)
        {
            UseTables();
            await SendTextAsync(_messages.Error(request.Id, $"a connection has at most {MostSubscriptions} subscriptions"));
            return;
        }

        services.Catalogue.Refresh();
        var subscription = new Subscription(request);
        subscription.Resolve(services.Catalogue, SignalsLeft(), NextTable);
        _subscriptions.Add(request.Id.Value, subscription);
        await SendTextAsync(_messages.Subscribed(subscription));
        UseTables();
    }

    /// <summary>A channel was added, changed or removed.</summary>
    private async Task FollowCatalogueAsync()
    {
        services.Catalogue.Refresh();
        long version = services.Catalogue.Version;
        if (version == _catalogue)
            return;
        await _states.SendSignalsAsync(_messages, SendTextAsync, _catalogue);
        _catalogue = version;
        foreach (Subscription subscription in _subscriptions.Values)
        {
            if (subscription.Resolve(services.Catalogue, SignalsLeft() + subscription.Signals, NextTable))
                await SendTextAsync(_messages.Subscribed(subscription));
        }

        UseTables();
    }

    private uint NextTable() => ++_lastTable;

    private int SignalsLeft() => MostSignals - _subscriptions.Values.Sum(subscription => subscription.Signals);

    private void UseTables()
    {
        NumberedTable[] before = _tables, now = [.. _subscriptions.Values.SelectMany(subscription => subscription.Tables)];
        _tables = now;
        foreach (NumberedTable table in before.Except(now))
            services.Watch.Remove(table.Channel, table.Table);
        foreach (NumberedTable table in now.Except(before))
            services.Watch.Add(table.Channel, table.Table);
    }

    private void WakeIfSomethingWaits()
    {
        foreach (NumberedTable table in _tables)
        {
            if (!table.Table.AnyWaits)
                continue;
            Wake();
            return;
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another was as fast.
        }
    }

    /// <returns>Why the connection ends.</returns>
    private async Task<(WebSocketCloseStatus Status, string Why)> ReadAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    if (length == buffer.Length)
                    {
                        if (length >= LongestMessage)
                            return (WebSocketCloseStatus.MessageTooBig, $"a message has at most {LongestMessage} bytes");
                        Array.Resize(ref buffer, 2 * length);
                    }

                    received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += received.Count;
                    if (received.MessageType == WebSocketMessageType.Close)
                        return (WebSocketCloseStatus.NormalClosure, "");
                    if (received.MessageType == WebSocketMessageType.Binary)
                        return (WebSocketCloseStatus.InvalidMessageType, "messages to this address are JSON texts");
                }
                while (!received.EndOfMessage);
                LiveRequest request = LiveRequest.Parse(buffer.AsMemory(0, length));
                if (request.Kind == LiveRequestKind.Wrong && ++_wrong == MostWrong)
                    return (WebSocketCloseStatus.PolicyViolation, "too many wrong messages");
                await _requests.Writer.WriteAsync(request);
                Wake();
            }
        }
        catch (JsonException)
        {
            return (WebSocketCloseStatus.InvalidPayloadData, "a message is no JSON object");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ChannelClosedException or ObjectDisposedException)
        {
            return (WebSocketCloseStatus.NormalClosure, "");
        }
        finally
        {
            _hasEnded = true;
            Wake();
        }
    }
}
