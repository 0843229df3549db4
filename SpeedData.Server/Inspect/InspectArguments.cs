using SpeedData.Core.Inspect;

namespace SpeedData.Server.Inspect;

/// <summary>What verify and repair were asked for.</summary>
/// <param name="Paths">Files and folders.</param>
/// <param name="Json">Whether the answer is one JSON document.</param>
/// <param name="Counter">verify: the counter field to follow; null for none.</param>
/// <param name="Output">repair: the folder for the results.</param>
internal sealed record InspectArguments(IReadOnlyList<string> Paths, bool Json, CounterOptions? Counter = null, string? Output = null);
