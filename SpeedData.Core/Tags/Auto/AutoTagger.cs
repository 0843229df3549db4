using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Tags.Auto;

/// <summary>
/// Evaluates the rules of <c>Tags:Auto</c> on what was written to the archives, about half a second after it arrived. One thread looks;
/// any thread asks what may still be wanted.
/// </summary>
internal sealed class AutoTagger
{
    // If the rules are not evaluated for this long, nothing waits for them any more.
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

    /// <summary>Why rules do not work, by their names.</summary>
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

    /// <summary>Keeps where it stands.</summary>
    public void Save()
    {
        _savedAt = _time.GetTimestamp();
        _positions.Write(_rules.GroupBy(rule => rule.Options.Name).ToDictionary(rules => rules.Key, rules => rules.Min(rule => rule.ResumesFromNs)));
    }

    /// <summary>A position in the future comes from a clock that was wrong: nothing would be evaluated until then.</summary>
    private long PositionOf(IReadOnlyDictionary<string, long> saved, AutoTagOptions rule) =>
        saved.TryGetValue(rule.Name, out long at) && at <= _desk.NowNs ? at : _desk.NowNs;

    /// <summary>Whether a tag may still begin before this moment, so that a file that ends then must stay.</summary>
    public bool MayWant(string channel, long lastNs)
    {
        lock (_neededFrom)
            return _time.GetElapsedTime(_lookedAt) < Patience && _neededFrom.TryGetValue(channel, out long from) && lastNs >= from;
    }
}
