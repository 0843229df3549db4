using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace SpeedData.Server.Live.Foxglove;

/// <summary>Serves a Foxglove client: one task reads its requests, another sends. The bytes that wait for it are limited.</summary>
internal sealed class FoxgloveConnection(WebSocket socket, LiveServices services, JsonFeeds feeds) : Watcher(socket, services.Time, LongestMessage, takesBinary: true)
{
    private const int MostWaitingBytes = 4 << 20, LongestMessage = 1 << 20, MostRequestsWaiting = 16, MostSubscriptions = 2_000, TopicsAtOnce = 20;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Channel<FoxgloveRequest> _requests = System.Threading.Channels.Channel.CreateBounded<FoxgloveRequest>(MostRequestsWaiting);
    private readonly MessageQueue _queue = new(MostWaitingBytes);
    private readonly FoxgloveTopics _topics = new(services.Catalogue);
    private readonly Dictionary<uint, (FoxgloveTopic Topic, Sink Sink)> _subscriptions = [];
    private byte[] _message = [];

    protected override async Task SendAllAsync()
    {
        await SendTextAsync(FoxgloveMessages.ServerInfo(services.Version));
        long looked = 0;
        while (IsConnected)
        {
            if (looked == 0 || services.Time.GetElapsedTime(looked) >= BetweenLooks)
            {
                looked = services.Time.GetTimestamp();
                await FollowAsync();
                if (_queue.TakeLeftOut() is > 0 and var records)
                    await SendTextAsync(FoxgloveMessages.Status(FoxgloveMessages.Warning, $"{records:N0} records were left out: this client reads more slowly than records arrive"));
            }

            while (_requests.Reader.TryRead(out FoxgloveRequest? request))
                await AnswerAsync(request);
            // Requests are read between any two messages, even if many messages wait.
            if (_queue.Take(ref _message) is { } message)
                await SendBinaryAsync(message);
            else
                await SleepAsync(BetweenLooks - services.Time.GetElapsedTime(looked));
        }
    }

    protected override async ValueTask<Ending?> TakeAsync(ReadOnlyMemory<byte> message)
    {
        await _requests.Writer.WriteAsync(FoxgloveRequest.Parse(message), Left);
        Wake();
        return null;
    }

    protected override void Leave()
    {
        foreach (uint subscription in _subscriptions.Keys.ToArray())
            End(subscription);
    }

    private async Task FollowAsync()
    {
        (IReadOnlyList<FoxgloveTopic> added, IReadOnlyList<FoxgloveTopic> removed) = _topics.Follow();
        foreach (uint subscription in _subscriptions.Where(pair => removed.Contains(pair.Value.Topic)).Select(pair => pair.Key).ToArray())
            End(subscription);
        if (removed.Count > 0)
            await SendTextAsync(FoxgloveMessages.Unadvertise(removed));
        foreach (FoxgloveTopic[] some in added.Chunk(TopicsAtOnce))
            await SendTextAsync(FoxgloveMessages.Advertise(some));
    }

    private async Task AnswerAsync(FoxgloveRequest request)
    {
        if (request.Unknown is { } unknown)
            await SendTextAsync(FoxgloveMessages.Status(FoxgloveMessages.Warning, unknown));
        foreach (uint subscription in request.Unsubscribe)
            End(subscription);
        foreach ((uint subscription, uint id) in request.Subscribe)
        {
            string? why = _topics.Find(id) is not { } topic ? $"there is no channel {id}"
                : _subscriptions.ContainsKey(subscription) ? $"there is a subscription {subscription} already"
                : _subscriptions.Count == MostSubscriptions ? $"a client has at most {MostSubscriptions} subscriptions"
                : Begin(subscription, topic);
            if (why is not null)
                await SendTextAsync(FoxgloveMessages.Status(FoxgloveMessages.Error, why));
        }
    }

    private string? Begin(uint subscription, FoxgloveTopic topic)
    {
        var sink = new Sink(subscription, _queue, Wake);
        _subscriptions.Add(subscription, (topic, sink));
        feeds.Add(topic.Feed, sink);
        return null;
    }

    private void End(uint subscription)
    {
        if (_subscriptions.Remove(subscription, out (FoxgloveTopic Topic, Sink Sink) ended))
            feeds.Remove(ended.Topic.Feed, ended.Sink);
    }

    /// <summary>Queues records as message data: opcode 1, the number of the subscription, the time in ns, the record.</summary>
    private sealed class Sink(uint subscription, MessageQueue queue, Action wake) : IJsonSink
    {
        private const int HeadBytes = 13;

        private const byte MessageData = 1;

        public void Take(ReadOnlySpan<byte> json, long receivedNs)
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            head[0] = MessageData;
            BinaryPrimitives.WriteUInt32LittleEndian(head[1..], subscription);
            BinaryPrimitives.WriteInt64LittleEndian(head[5..], receivedNs);
            queue.Add(head, json);
            wake();
        }

        public void Lose(long datagrams) => queue.LeaveOut(datagrams);
    }
}
