namespace SpeedData.Core.Configuration.Reading;

/// <summary>Collects all findings and remembers their keys, so that a wrong value causes no further findings.</summary>
internal sealed class Findings
{
    private readonly List<(Scope Scope, ConfigurationFault Fault)> _faults = [];
    private readonly List<ConfigurationWarning> _warnings = [];
    private readonly HashSet<string> _doubtful = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The faults by scope, and within a scope in the order in which they were found.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => [.. _faults.OrderBy(f => f.Scope.Order).Select(f => f.Fault)];

    public IReadOnlyList<ConfigurationWarning> Warnings => _warnings;

    public void Fault(Scope scope, string key, string? value, string message)
    {
        _doubtful.Add(key);
        _faults.Add((scope, new ConfigurationFault(scope.Channel, key, value, message)));
    }

    public void Warn(Scope scope, string key, string? value, string message) =>
        _warnings.Add(new ConfigurationWarning(scope.Channel, key, value, message));

    /// <summary>Marks a key without a usable value, which was reported elsewhere.</summary>
    public void Doubt(string key) => _doubtful.Add(key);

    public bool IsDoubtful(string key) => _doubtful.Contains(key);
}

/// <summary>The subject of a finding.</summary>
/// <param name="Order">-2 for all channels, -1 for the defaults, otherwise the channel's position.</param>
/// <param name="Channel">The channel's name or place; null if it is not about one channel.</param>
internal readonly record struct Scope(int Order, string? Channel)
{
    public static readonly Scope Everyone = new(-2, null);
    public static readonly Scope Defaults = new(-1, null);
}
