namespace SpeedData.Core.Configuration.Reading;

/// <summary>Collects all findings, and remembers their keys, so that nothing is concluded from a wrong value.</summary>
internal sealed class Findings
{
    private readonly List<(Scope Scope, ConfigurationFault Fault)> _faults = [];
    private readonly List<ConfigurationWarning> _warnings = [];
    private readonly HashSet<string> _doubtful = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By scope, and within it in the order they were found.</summary>
    public IReadOnlyList<ConfigurationFault> Faults => [.. _faults.OrderBy(f => f.Scope.Order).Select(f => f.Fault)];

    public IReadOnlyList<ConfigurationWarning> Warnings => _warnings;

    public void Fault(Scope scope, string key, string? value, string message)
    {
        _doubtful.Add(key);
        _faults.Add((scope, new ConfigurationFault(scope.Channel, key, value, message)));
    }

    public void Warn(Scope scope, string key, string? value, string message) =>
        _warnings.Add(new ConfigurationWarning(scope.Channel, key, value, message));

    /// <summary>The key has no usable value, which was reported elsewhere.</summary>
    public void Doubt(string key) => _doubtful.Add(key);

    public bool IsDoubtful(string key) => _doubtful.Contains(key);
}

/// <summary>What a finding is about.</summary>
/// <param name="Order">-2 all channels, -1 the defaults, else the channel's position.</param>
/// <param name="Channel">The channel's name or place; null for the others.</param>
internal readonly record struct Scope(int Order, string? Channel)
{
    public static readonly Scope Everyone = new(-2, null);
    public static readonly Scope Defaults = new(-1, null);
}
