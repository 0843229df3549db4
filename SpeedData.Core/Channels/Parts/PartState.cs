namespace SpeedData.Core.Channels.Parts;

/// <summary>The state of one part of a channel at one moment.</summary>
/// <param name="Up">Whether the part does its work.</param>
/// <param name="Since">When it went up or down.</param>
/// <param name="Why">Why it is not up, in one line that names key, value and fix; null while it is up.</param>
/// <param name="RetryAt">When it is tried again; null while it is up, or if only an event can help.</param>
/// <param name="FaultsInARow">The number of faults since the part last ran well.</param>
public sealed record PartState(bool Up, DateTimeOffset Since, string? Why = null, DateTimeOffset? RetryAt = null, int FaultsInARow = 0)
{
    /// <summary>The address and interface where it receives or sends; null while it is not up.</summary>
    public string? Where { get; init; }

    /// <summary>Whether it is down on purpose, which is not a fault.</summary>
    public bool IsOnPurpose { get; init; }
}

/// <summary>The parts of a channel; null for a part that is switched off.</summary>
public readonly record struct ChannelParts(PartState Receive, PartState? Archive, PartState? Full, PartState? Decimated);
