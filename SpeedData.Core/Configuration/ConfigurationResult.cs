namespace SpeedData.Core.Configuration;

/// <summary>The result of reading the configuration.</summary>
/// <param name="Options">The options, complete and checked; null if there is any fault.</param>
/// <param name="Faults">Everything that is wrong: first what concerns all channels, then channel by channel.</param>
/// <param name="Warnings">What is accepted and should be looked at.</param>
public sealed record ConfigurationResult(
    SpeedDataOptions? Options, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings);
