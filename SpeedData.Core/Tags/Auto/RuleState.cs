using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Tags.Auto;

/// <summary>
/// Follows a rule's condition from record to record. A tag begins once the condition has held for its span, and ends with the
/// first record for which it does not hold, or with the last one before a silence.
/// </summary>
internal sealed class RuleState(AutoTagOptions rule, Action<long> start, Action<long> stop)
{
    private const long LeastSilenceNs = 5_000_000_000, SilentIntervals = 10;

    private readonly long _forNs = Ns(rule.When.For);
    private readonly RowTest _test = new(rule.When);
    private long? _since;
    private bool _hasBegun;
    private long? _lastNs;
    private long _intervalNs;

    public AutoTagOptions Rule => rule;

    /// <summary>The earliest moment that a tag may still begin at; null before the first record.</summary>
    public long? NeedsFromNs => (_hasBegun ? _lastNs : _since ?? _lastNs) - Ns(rule.Before);

    /// <summary>Where a new evaluation must begin; null before the first record.</summary>
    public long? ResumesFromNs => _hasBegun || _since is null ? _lastNs + 1 : _since;

    /// <summary>A tag of an earlier process is still open.</summary>
    /// <param name="sinceNs">When the condition began to hold.</param>
    /// <param name="lastNs">Up to when it was evaluated.</param>
    public void Resume(long sinceNs, long lastNs) => (_since, _hasBegun, _lastNs) = (sinceNs, true, lastNs);

    /// <summary>Why no value of a signal can be compared as the condition wants; null if one can.</summary>
    public string? WhyNever(Signal signal) => _test.WhyNever(signal);

    /// <param name="column">The signal's values.</param>
    /// <param name="row">Which.</param>
    /// <param name="atNs">When it came.</param>
    public void See(Reading.Columns.Column column, int row, long atNs)
    {
        if (_lastNs is { } last && atNs - last > SilenceNs)
            End(last + 1);
        bool holds = _test.Holds(column, row);
        if (holds)
            _since ??= atNs;
        else
            End(atNs);
        if (holds && !_hasBegun && atNs - _since >= _forNs)
        {
            _hasBegun = true;
            start(_since!.Value);
        }

        if (_lastNs is { } before && atNs > before)
            _intervalNs = _intervalNs == 0 ? atNs - before : _intervalNs + ((atNs - before - _intervalNs) / 8);
        // Also where the clock was put back: nothing but a later record says how late it is.
        _lastNs = atNs;
    }

    /// <summary>Nothing has come up to this moment.</summary>
    public void Wait(long nowNs)
    {
        if (_lastNs is { } last && nowNs - last > SilenceNs)
            End(last + 1);
    }

    public static long Ns(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Longer than a channel that sends is silent.</summary>
    private long SilenceNs => Math.Max(LeastSilenceNs, SilentIntervals * _intervalNs);

    private void End(long atNs)
    {
        if (_hasBegun)
            stop(atNs);
        (_since, _hasBegun) = (null, false);
    }
}
