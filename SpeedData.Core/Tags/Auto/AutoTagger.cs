using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Tags.Auto;

/// <summary>
/// Evaluates the rules of <c>Tags:Auto</c> on archived records, about half a second after their receipt. One thread evaluates; any thread
/// can ask which files may still be needed.
/// </summary>
internal sealed class AutoTagger
{
    // Files stop waiting for the rules if they are not evaluated for this long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), BetweenSaves = TimeSpan.FromSeconds(5);

    private readonly TagDesk _desk;
    private readonly TimeProvider _time;
    private readonly RulePositions _positions;
    private readonly AutoRule[] _rules;
    private readonly Dictionary<string, long> _neededFrom = new(StringComparer.OrdinalIgnoreCase);
    private long _lookedAt;
    private long _savedAt;

    public AutoTagger(TagDesk desk, IReadOnlyList<AutoTagOptions> rules, TimeProvider time, IArchiveFiles files)
    {
        (_desk, _time) = (desk, time);
        _positions = new RulePositions(desk.Book.Root, files);
        IReadOnlyDictionary<string, long> saved = _positions.Read();
        _rules = [.. rules.Select(rule => new AutoRule(rule, desk, PositionOf(saved, rule)))];
        _lookedAt = _savedAt = time.GetTimestamp();
    }

    /// <summary>The faults of rules that do not work, by rule name.</summary>
    public IEnumerable<(string Rule, string Why)> Faults => _rules.Where(rule => rule.Fault is not null).Select(rule => (rule.Options.Name, rule.Fault!));

    public void Look(CancellationToken stop)
    {
        foreach (AutoRule rule in _rules)
            rule.Look(_desk.NowNs, stop);
        lock (_neededFrom)
        {
            _neededFrom.Clear();
            foreach (AutoRule rule in _rules.Where(rule => rule.Channel is not null && !rule.IsBlind))
                _neededFrom[rule.Channel!] = Math.Min(rule.NeedsFromNs, _neededFrom.GetValueOrDefault(rule.Channel!, long.MaxValue));
            _lookedAt = _time.GetTimestamp();
        }

        if (_time.GetElapsedTime(_savedAt) >= BetweenSaves)
            Save();
    }

    /// <summary>Stores the positions of the rules.</summary>
    public void Save()
    {
        _savedAt = _time.GetTimestamp();
        _positions.Write(_rules.GroupBy(rule => rule.Options.Name).ToDictionary(rules => rules.Key, rules => rules.Min(rule => rule.ResumesFromNs)));
    }

    /// <summary>
    /// Returns where to continue. Ignores a position in the future, which comes from a wrong clock, because nothing would be evaluated
    /// until then.
    /// </summary>
    private long PositionOf(IReadOnlyDictionary<string, long> saved, AutoTagOptions rule) =>
        saved.TryGetValue(rule.Name, out long at) && at <= _desk.NowNs ? at : _desk.NowNs;

    /// <summary>Whether a tag may still start before a time, so that a file that ends then must be kept.</summary>
    public bool MayWant(string channel, long lastNs)
    {
        lock (_neededFrom)
            return _time.GetElapsedTime(_lookedAt) < Patience && _neededFrom.TryGetValue(channel, out long from) && lastNs >= from;
    }
}
