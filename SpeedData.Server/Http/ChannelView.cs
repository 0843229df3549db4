using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Diagnostics;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Rejects;

namespace SpeedData.Server.Http;

/// <summary>A list of channels.</summary>
/// <param name="Channels">All channels, or one page.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
internal sealed record ChannelListView(IReadOnlyList<ChannelView> Channels, string? Next);

/// <summary>A channel as the API shows it.</summary>
internal sealed record ChannelView(
    string Name,
    int Port,
    string SchemaPath,
    string Status,
    DateTimeOffset StatusSince,
    DateTimeOffset CreatedAt,
    ConfigView Config,
    CountersView Counters,
    FaultView? LastFault,
    int FaultsInARow,
    DateTimeOffset? RetryAt,
    ArchiveView? Archive,
    PartsView Parts,
    IReadOnlyList<ChannelSchemaView> Schemas,
    KeptRejectsView KeptRejects,
    IReadOnlyList<string> Warnings,
    string Kind,
    int Pid,
    DateTimeOffset? LastHeartbeat,
    string Etag,
    RegistrationView? Registration)
{
    /// <param name="channel">The channel.</param>
    /// <param name="kind"><c>fixed</c> or <c>registered</c>.</param>
    /// <param name="registration">What was registered; null for a fixed channel and in lists.</param>
    public static ChannelView Of(Channel channel, string kind = "fixed", RegistrationView? registration = null)
    {
        ChannelState state = channel.State;
        CountersView counters = CountersView.Of(channel.Counters);
        return new ChannelView(
            channel.Name,
            channel.Options.Port,
            channel.Options.SchemaPath,
            ApiJson.NameOf(state.Status),
            state.Since,
            channel.CreatedAt,
            ConfigView.Of(channel.Options, channel.Retention?.MinFreeBytes),
            counters,
            FaultView.Of(state.LastFault),
            state.FaultsInARow,
            state.RetryAt,
            ArchiveView.Of(channel.Archive, channel.Retention?.Fault),
            PartsView.Of(channel.Parts),
            ChannelSchemaView.Of(channel),
            new KeptRejectsView(channel.Counters.Rejects.Kept, channel.Counters.Rejects.NotKept),
            ChannelWarnings.Of(channel),
            kind,
            Environment.ProcessId,
            counters.LastDatagramAt,
            ChannelTag.Of(channel),
            registration);
    }
}

/// <summary>The parts of a channel; null for a part that is switched off.</summary>
internal sealed record PartsView(PartView Receive, PartView? Archive, PartView? Full, PartView? Decimated)
{
    public static PartsView Of(ChannelParts parts) => new(PartView.Of(parts.Receive), OfOptional(parts.Archive), OfOptional(parts.Full), OfOptional(parts.Decimated));

    private static PartView? OfOptional(PartState? part) => part is null ? null : PartView.Of(part);
}

/// <summary>A part of a channel: whether it is up and since when. If it is down, also why and when it is tried again.</summary>
internal sealed record PartView(bool Up, DateTimeOffset Since, string? Why, DateTimeOffset? RetryAt, string? Where)
{
    public static PartView Of(PartState part) => new(part.Up, part.Since, part.Why, part.RetryAt, part.Where);
}

/// <summary>A fault without the details that belong in logs only.</summary>
internal sealed record FaultView(string Role, string Message, DateTimeOffset At)
{
    public static FaultView? Of(Fault? fault) =>
        fault is null ? null : new FaultView(ApiJson.NameOf(fault.Role), fault.Message, fault.At);
}

/// <summary>A channel's archive. If it is down, the channel stays active. If old files cannot be deleted, it stays up.</summary>
internal sealed record ArchiveView(
    bool Up, FaultView? Fault, FaultView? LastFault, FaultView? RetentionFault, string? PartFile, long Files, long Bytes, DateTimeOffset? Oldest)
{
    public static ArchiveView? Of(ArchiveState? archive, Fault? retention) => archive is null
        ? null
        : new ArchiveView(
            archive.IsUp,
            FaultView.Of(archive.Fault),
            FaultView.Of(archive.LastFault),
            FaultView.Of(retention),
            archive.PartFile,
            archive.Files,
            archive.Bytes,
            archive.Oldest);
}
