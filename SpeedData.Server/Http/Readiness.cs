using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Http;

/// <summary>What is not up, and why. A device that is silent is no reason.</summary>
internal sealed record ReadinessView(string Status, IReadOnlyList<UnreadyView> Channels, IReadOnlyList<UnreadyView> Archives);

/// <summary>A channel or archive that is not up.</summary>
internal sealed record UnreadyView(string Channel, string Status, string? Why, DateTimeOffset? RetryAt);

/// <summary>Whether every channel and archive is up.</summary>
internal static class Readiness
{
    public const string Ready = "ready";

    public static ReadinessView Of(IChannelHost host)
    {
        IReadOnlyList<Channel> channels = host.Channels;
        UnreadyView[] down = [.. channels.Where(c => c.State.Status != ChannelStatus.Active).Select(OfChannel)];
        UnreadyView[] unwell = [.. channels.Where(c => c.Options.Archive.Enabled && c.Archive is not { IsUp: true }).Select(OfArchive)];
        string status = !host.IsStarted ? "starting" : down.Length + unwell.Length > 0 ? "unready" : Ready;
        return new ReadinessView(status, down, unwell);
    }

    private static UnreadyView OfChannel(Channel channel)
    {
        ChannelState state = channel.State;
        return new UnreadyView(channel.Name, ApiJson.NameOf(state.Status), state.LastFault?.Message, state.RetryAt);
    }

    private static UnreadyView OfArchive(Channel channel)
    {
        ArchiveState? archive = channel.Archive;
        return new UnreadyView(channel.Name, archive is null ? "starting" : "faulted", archive?.Fault?.Message, null);
    }
}
