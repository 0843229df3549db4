using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Server.Hosting;
using SpeedData.Server.Metrics;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Http;

/// <summary>Which parts are not up, and why. A silent device does not count.</summary>
internal sealed record ReadinessView(
    string Status, IReadOnlyList<UnreadyView> Channels, IReadOnlyList<UnreadyView> Archives, IReadOnlyList<UnreadyStreamView> Streams,
    IReadOnlyList<WarningView> Warnings, string? Registered = null);

/// <summary>A channel or archive that is not up.</summary>
internal sealed record UnreadyView(string Channel, string Status, string? Why, DateTimeOffset? RetryAt);

/// <summary>A stream that is not up.</summary>
internal sealed record UnreadyStreamView(string Channel, string Stream, string Status, string? Why, DateTimeOffset? RetryAt);

/// <summary>A problem of a channel whose parts are all up.</summary>
internal sealed record WarningView(string Channel, string Why);

/// <summary>Finds out whether every part of every channel is up.</summary>
internal static class Readiness
{
    public const string Ready = "ready";

    private const string Starting = "starting", Faulted = "faulted";

    /// <param name="host">The channels.</param>
    /// <param name="lack">Why the registered channels are not loaded; null once they are.</param>
    public static ReadinessView Of(IChannelHost host, string? lack = null)
    {
        IReadOnlyList<Channel> all = host.Channels;
        UnreadyView[] channels = [.. all.Where(c => c.State.Status != ChannelStatus.Active).Select(OfChannel)];
        UnreadyView[] archives = [.. all.SelectMany(OfArchive)];
        UnreadyStreamView[] streams = [.. all.SelectMany(OfStreams)];
        bool isReady = channels.Length + archives.Length + streams.Length == 0 && lack is null;
        return new ReadinessView(!host.IsStarted ? Starting : isReady ? Ready : "unready", channels, archives, streams, [.. all.SelectMany(OfWarnings)], lack);
    }

    private static UnreadyView OfChannel(Channel channel)
    {
        ChannelState state = channel.State;
        return new UnreadyView(channel.Name, ApiJson.NameOf(state.Status), channel.Parts.Receive.Why ?? state.LastFault?.Message, state.RetryAt);
    }

    private static IEnumerable<UnreadyView> OfArchive(Channel channel) =>
        channel.Parts.Archive is { Up: false } part ? [new UnreadyView(channel.Name, StatusOf(part), part.Why, part.RetryAt)] : [];

    private static IEnumerable<UnreadyStreamView> OfStreams(Channel channel) =>
        from stream in Streams.All
        let part = stream.Part(channel.Parts)
        where part is { Up: false }
        select new UnreadyStreamView(channel.Name, stream.Name, StatusOf(part), part.Why, part.RetryAt);

    private static IEnumerable<WarningView> OfWarnings(Channel channel) => ChannelWarnings.Of(channel).Select(why => new WarningView(channel.Name, why));

    private static string StatusOf(PartState part) => part.Why is null ? Starting : Faulted;
}
