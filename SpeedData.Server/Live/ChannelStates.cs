using System.Buffers;
using System.Text.Json;
using SpeedData.Core.Channels;
using SpeedData.Core.Live;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Live;

/// <summary>What the live feed sends of a channel in addition to the API's view.</summary>
internal sealed record LiveStateView(bool Watched, long TapLost, long? DeviceOffsetNs, double? Latest, long RingUsed, long RingCapacity);

/// <summary>A channel's state as JSON, with the version of its last change.</summary>
internal sealed class StateOfChannel(Channel channel)
{
    private ChannelView? _view;
    private LiveStateView? _live;
    private ConfigView? _config;

    public Channel Channel => channel;

    /// <summary>The version of the states in which this channel last changed.</summary>
    public long Version { get; private set; }

    public long ConfigVersion { get; private set; }

    public ReadOnlyMemory<byte> Whole { get; private set; }

    public ReadOnlyMemory<byte> WithoutConfig { get; private set; }

    public void Look(Watch watch, string kind, long version)
    {
        ChannelView view = ChannelView.Of(channel, kind);
        LiveStateView live = LiveOf(watch);
        string? config = _config is null || !ReferenceEquals(_optionsOfConfig, channel.Options) ? JsonSerializer.Serialize(view.Config, Answer.Json.ConfigView) : null;
        if (config is not null)
            (_config, _optionsOfConfig, ConfigVersion) = (view.Config, channel.Options, version);
        // A view has new list objects each time, so equal lists are replaced by the earlier ones before comparing.
        ChannelView compared = view with { Config = _config!, Schemas = Known(view.Schemas, _view?.Schemas), Warnings = Known(view.Warnings, _view?.Warnings) };
        if (config is null && compared == _view && live == _live)
            return;
        (_view, _live, Version) = (compared, live, version);
        byte[] whole = JsonSerializer.SerializeToUtf8Bytes(view, Answer.Json.ChannelView);
        byte[] extra = JsonSerializer.SerializeToUtf8Bytes(live, Answer.Json.LiveStateView);
        Whole = Join(whole, default, extra);
        WithoutConfig = Join(whole, PlaceOfConfig(whole), extra);
    }

    private object? _optionsOfConfig;

    private LiveStateView LiveOf(Watch watch)
    {
        (long TapLost, long? DeviceOffsetNs)? watched = watch.Of(channel);
        long latestNs = channel.Counters.Receive.Read().LastDatagramNs;
        PipelineGauges gauges = channel.Gauges ?? default;
        return new LiveStateView(watched is not null, watched?.TapLost ?? 0, watched?.DeviceOffsetNs, latestNs > 0 ? latestNs / 1e6 : null, gauges.RingUsedBytes, gauges.RingCapacityBytes);
    }

    private static IReadOnlyList<T> Known<T>(IReadOnlyList<T> now, IReadOnlyList<T>? before) => before is not null && now.SequenceEqual(before) ? before : now;

    private static byte[] Join(byte[] whole, Range left, byte[] live)
    {
        var joined = new ArrayBufferWriter<byte>(whole.Length + live.Length + 16);
        (int at, int length) = left.GetOffsetAndLength(whole.Length);
        joined.Write(whole.AsSpan(0, at));
        joined.Write(whole.AsSpan(at + length, whole.Length - 1 - at - length));
        joined.Write(",\"live\":"u8);
        joined.Write(live);
        joined.Write("}"u8);
        return joined.WrittenSpan.ToArray();
    }

    /// <summary>Finds the property with the comma after it: another property always follows.</summary>
    private static Range PlaceOfConfig(byte[] whole)
    {
        var reader = new Utf8JsonReader(whole);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("config"u8))
                continue;
            int from = (int)reader.TokenStartIndex;
            reader.Skip();
            reader.Read();
            return from..(int)reader.TokenStartIndex;
        }

        return 0..0;
    }
}

/// <summary>The states of all channels, read once a second while somebody watches. Any thread.</summary>
internal sealed class ChannelStates(IChannelHost host, Watch watch, Registrar registrar, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(990);

    private readonly Lock _gate = new();
    private Dictionary<Channel, StateOfChannel> _known = [];
    private long? _lookedAt;
    private DateTimeOffset _readAt;
    private long _version;

    /// <returns>All channels, when they were read, and the version of this reading.</returns>
    public (IReadOnlyCollection<StateOfChannel> Channels, DateTimeOffset ReadAt, long Version) Look()
    {
        lock (_gate)
        {
            if (_lookedAt is { } at && time.GetElapsedTime(at) < BetweenLooks)
                return (_known.Values, _readAt, _version);
            (_lookedAt, _readAt) = (time.GetTimestamp(), time.GetUtcNow());
            _version++;
            Dictionary<Channel, StateOfChannel> before = _known;
            // A new dictionary: another thread may be iterating over the last one.
            _known = host.Channels.ToDictionary(channel => channel, channel => before.GetValueOrDefault(channel) ?? new StateOfChannel(channel));
            foreach (StateOfChannel state in _known.Values)
                state.Look(watch, registrar.KindOf(state.Channel), _version);
            return (_known.Values, _readAt, _version);
        }
    }
}
