using System.Net.WebSockets;
using System.Threading.Channels;
using SpeedData.Core.Live;
using SpeedData.Server.Metrics;

namespace SpeedData.Server.Live;

/// <summary>Services that all connections share.</summary>
internal sealed record LiveServices(Watch Watch, SignalCatalogue Catalogue, ChannelStates States, StorageSpace Storage, TimeProvider Time, string Version)
{
    public double NowMs() => Ms(Time.GetUtcNow());

    public static double Ms(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}

/// <summary>
/// Serves a watcher: one task reads its requests, another sends. While a message cannot be sent, nothing is queued after it: rows
/// become wider, and states are read when they can be sent.
/// </summary>
internal sealed class LiveConnection(WebSocket socket, LiveServices services) : Watcher(socket, services.Time, LongestMessage, takesBinary: false)
{
    public const int MostSignals = 2_000, MostSubscriptions = 64, LongestMessage = 64 << 10;

    private const int MostWrong = 100, MostRequestsWaiting = 16;

    private static readonly TimeSpan BetweenStates = TimeSpan.FromSeconds(1);

    private readonly LiveMessages _messages = new();
    private readonly Channel<LiveRequest> _requests = System.Threading.Channels.Channel.CreateBounded<LiveRequest>(MostRequestsWaiting);
    private readonly SortedDictionary<uint, Subscription> _subscriptions = [];
    private readonly StateSender _states = new(services);
    private volatile NumberedTable[] _tables = [];
    private long _catalogue;
    private uint _lastTable;
    private int _wrong;

    public override void Dispose()
    {
        base.Dispose();
        _messages.Dispose();
    }

    protected override async Task SendAllAsync()
    {
        services.Watch.RoundEnded += WakeIfSomethingWaits;
        services.Catalogue.Refresh();
        await SendTextAsync(_messages.Hello(services.Version, services.NowMs()));
        long states = 0;
        while (IsConnected)
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
            await SleepAsync(BetweenStates - services.Time.GetElapsedTime(states));
        }
    }

    protected override async ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message)
    {
        LiveRequest request = LiveRequest.Parse(message);
        if (request.Kind == LiveRequestKind.Wrong && ++_wrong == MostWrong)
            return new Ending(WebSocketCloseStatus.PolicyViolation, "too many wrong messages");
        // Waits while the sending task cannot send its answers.
        await _requests.Writer.WriteAsync(request, Left);
        Wake();
        return null;
    }

    protected override void Leave()
    {
        services.Watch.RoundEnded -= WakeIfSomethingWaits;
        foreach (NumberedTable table in _tables)
            services.Watch.Remove(table.Channel, table.Table);
    }

    private async ValueTask SendAsync(NumberedTable table)
    {
        if (table.Table.Waiting.Any)
            await SendTextAsync(_messages.Changes(table));
        if (table.Table.Rows.Any)
            await SendBinaryAsync(_messages.Frame(table, services.NowMs));
    }

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
        // Starts the tables before answering, so that no record after the answer is missed.
        UseTables();
        await SendTextAsync(_messages.Subscribed(subscription));
    }

    /// <summary>Updates the subscriptions after a channel was added, changed or removed.</summary>
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
            Wake();
            return;
        }
    }
}
