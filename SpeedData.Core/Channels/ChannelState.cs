using SpeedData.Core.Diagnostics;

namespace SpeedData.Core.Channels;

/// <summary>The state of a channel.</summary>
public enum ChannelStatus
{
    /// <summary>Its first pipeline is being built.</summary>
    Starting,

    /// <summary>Receiving and relaying.</summary>
    Active,

    /// <summary>Its pipeline faulted; a new one is built when the delay is over.</summary>
    Faulted,

    /// <summary>A thread of its faulted pipeline hangs in a system call; it cannot be rebuilt before that returns.</summary>
    Stalled,

    /// <summary>Removed, or the process is ending.</summary>
    Stopped,
}

/// <summary>A channel's state at one moment.</summary>
/// <param name="Status">What it is doing.</param>
/// <param name="Since">Since when.</param>
/// <param name="LastFault">The latest fault of its pipeline, kept after it recovered; null if there was none.</param>
/// <param name="FaultsInARow">Pipelines that faulted without one in between that ran well.</param>
/// <param name="RetryAt">When the next pipeline is built, while <see cref="ChannelStatus.Faulted"/>.</param>
public sealed record ChannelState(ChannelStatus Status, DateTimeOffset Since, Fault? LastFault = null, int FaultsInARow = 0, DateTimeOffset? RetryAt = null);

/// <summary>What an operator should know about a channel's streams; null for nothing.</summary>
public readonly record struct StreamNotices(string? FullRate, string? Decimated)
{
    public IEnumerable<string> All => new[] { FullRate, Decimated }.OfType<string>().Distinct();
}

/// <summary>Sizes of the running pipeline, in bytes. For disabled parts: null for a stream's buffer, 0 for the ring.</summary>
public readonly record struct PipelineGauges(int ReceiveBufferBytes, int? FullSendBufferBytes, int? DecimatedSendBufferBytes, long RingUsedBytes, long RingCapacityBytes);
