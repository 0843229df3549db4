using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Live;
using SpeedData.Core.Schema;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Live;

/// <summary>A channel with its signals.</summary>
internal sealed record KnownChannel(Channel Channel, IReadOnlyList<LiveSignal> Signals, long Version)
{
    private readonly Lazy<Dictionary<string, LiveSignal>> _byName = new(() => Signals.ToDictionary(signal => signal.Name, StringComparer.Ordinal));

    public RecordSchemas? Schemas { get; init; }

    public TimeOptions Time { get; } = Channel.Options.Time;

    public LiveSignal? Find(string name) => _byName.Value.GetValueOrDefault(name);

    public bool IsUpToDate => ReferenceEquals(Channel.KnownSchemas, Schemas) && Channel.Options.Time == Time;
}

/// <summary>The present signals of all channels. Any thread.</summary>
internal sealed class SignalCatalogue(IChannelHost host)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<Channel>? _seen;
    private volatile Dictionary<string, KnownChannel> _channels = new(StringComparer.OrdinalIgnoreCase);
    private long _version;

    /// <summary>Increases whenever a channel or its signals change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyCollection<KnownChannel> Channels => _channels.Values;

    public KnownChannel? Find(string channel) => _channels.GetValueOrDefault(channel);

    /// <summary>Checks whether channels or signals have changed.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            IReadOnlyList<Channel> now = host.Channels;
            if (ReferenceEquals(now, _seen) && _channels.Values.All(known => known.IsUpToDate))
                return;
            Dictionary<string, KnownChannel> before = _channels;
            long version = _version + 1;
            _channels = now.DistinctBy(channel => channel.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(channel => channel.Name, channel =>
                before.TryGetValue(channel.Name, out KnownChannel? known) && known.Channel == channel && known.IsUpToDate ? known : Known(channel, version), StringComparer.OrdinalIgnoreCase);
            _seen = now;
            Interlocked.Exchange(ref _version, version);
        }
    }

    /// <summary>Finds the channel and signal of a text such as <c>engine.left.rpm</c>: the longest channel name that exists wins.</summary>
    public (KnownChannel Channel, LiveSignal Signal)? Find(string text, out string why)
    {
        KnownChannel? channel = null;
        int dot = text.LastIndexOf('.');
        for (; dot > 0; dot = text.LastIndexOf('.', dot - 1))
        {
            channel = Find(text[..dot]);
            if (channel is not null)
                break;
        }

        if (channel is null)
        {
            why = "no such channel";
            return null;
        }

        string name = text[(dot + 1)..];
        why = channel.Schemas is null ? $"the schema of channel {channel.Channel.Name} is not known yet" : $"channel {channel.Channel.Name} has no signal {name}";
        return channel.Find(name) is { } signal ? (channel, signal) : null;
    }

    private static KnownChannel Known(Channel channel, long version)
    {
        RecordSchemas? schemas = channel.KnownSchemas;
        return new KnownChannel(channel, LiveSignal.Of(schemas, channel.Options), version) { Schemas = schemas };
    }
}
