using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Channels;

/// <summary>The state of a channel.</summary>
public enum ChannelStatus
{
    /// <summary>The first pipeline of the channel is being built.</summary>
    Starting,

    /// <summary>The channel receives and relays.</summary>
    Active,

    /// <summary>The channel's pipeline faulted. A new one is built after a delay.</summary>
    Faulted,

    /// <summary>A thread of the faulted pipeline hangs in a system call. The pipeline cannot be rebuilt before that call returns.</summary>
    Stalled,

    /// <summary>The channel was removed, or the process is ending.</summary>
    Stopped,
}

/// <summary>A channel's state at one moment.</summary>
/// <param name="Status">What the channel is doing.</param>
/// <param name="Since">When this status began.</param>
/// <param name="LastFault">The latest fault of its pipeline, kept after it recovered; null if there was none.</param>
/// <param name="FaultsInARow">How many pipelines faulted since one last ran well.</param>
/// <param name="RetryAt">When the next pipeline is built; null unless <see cref="ChannelStatus.Faulted"/>.</param>
public sealed record ChannelState(ChannelStatus Status, DateTimeOffset Since, Fault? LastFault = null, int FaultsInARow = 0, DateTimeOffset? RetryAt = null);

/// <summary>What an operator should know about a channel's streams; null for nothing.</summary>
public readonly record struct StreamNotices(string? FullRate, string? Decimated)
{
    public IEnumerable<string> All => new[] { FullRate, Decimated }.OfType<string>().Distinct();
}

/// <summary>Sizes of the running pipeline, in bytes. A stream that is switched off has null, a ring that is switched off 0.</summary>
public readonly record struct PipelineGauges(int ReceiveBufferBytes, int? FullSendBufferBytes, int? DecimatedSendBufferBytes, long RingUsedBytes, long RingCapacityBytes);
