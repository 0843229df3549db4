using System.Net.WebSockets;
using System.Threading.Channels;
using SpeedData.Core.Live;
using SpeedData.Server.Metrics;

namespace SpeedData.Server.Live;

/// <summary>What connections share.</summary>
internal sealed record LiveServices(Watch Watch, SignalCatalogue Catalogue, ChannelStates States, StorageSpace Storage, TimeProvider Time, string Version)
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
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _left = new();
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
        using CancellationTokenRegistration stopping = stop.Register(_wakeup.Wake);
        Task<Ending> reading = ReadAsync();
        try
        {
            await SendAllAsync(stop);
            await _output.CloseAsync(stop.IsCancellationRequested ? Ending.OfServer : await reading);
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
            if (!reading.IsCompleted)
                socket.Abort();
            await _left.CancelAsync();
            await reading;
        }
    }

    public void Dispose()
    {
        _messages.Dispose();
        _output.Dispose();
        _wakeup.Dispose();
        _left.Dispose();
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
            await _wakeup.SleepAsync(BetweenStates - services.Time.GetElapsedTime(states));
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
        // In force before it is answered: what comes from now on is seen.
        UseTables();
        await SendTextAsync(_messages.Subscribed(subscription));
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
        Subscription[] changed = [.. _subscriptions.Values.Where(subscription => subscription.Resolve(services.Catalogue, SignalsLeft() + subscription.Signals, NextTable))];
        UseTables();
        foreach (Subscription subscription in changed)
            await SendTextAsync(_messages.Subscribed(subscription));
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
            _wakeup.Wake();
            return;
        }
    }

    private async ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message)
    {
        LiveRequest request = LiveRequest.Parse(message);
        if (request.Kind == LiveRequestKind.Wrong && ++_wrong == MostWrong)
            return new Ending(WebSocketCloseStatus.PolicyViolation, "too many wrong messages");
        // Waits while the other task cannot send its answers.
        await _requests.Writer.WriteAsync(request, _left.Token);
        _wakeup.Wake();
        return null;
    }

    /// <returns>Why the connection ends.</returns>
    private async Task<Ending> ReadAsync()
    {
        Ending ending = await new SocketInput(socket, LongestMessage, takesBinary: false).ReadAsync(TakeAsync);
        _hasEnded = true;
        _wakeup.Wake();
        return ending;
    }
}
