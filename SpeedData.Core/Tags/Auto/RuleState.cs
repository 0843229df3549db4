using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Tags.Auto;

/// <summary>
/// Follows a rule's condition from record to record. A tag starts once the condition has held for its time span. It ends with the first
/// record that fails the condition, or with the last record before a silence.
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

    /// <summary>The earliest time at which a tag may still start; null before the first record.</summary>
    public long? NeedsFromNs => (_hasBegun ? _lastNs : _since ?? _lastNs) - Ns(rule.Before);

    /// <summary>The time from which a new evaluation must start; null before the first record.</summary>
    public long? ResumesFromNs => _hasBegun || _since is null ? _lastNs + 1 : _since;

    /// <summary>Continues an open tag of an earlier process.</summary>
    /// <param name="sinceNs">Time since which the condition holds.</param>
    /// <param name="lastNs">Time of the last evaluated record.</param>
    public void Resume(long sinceNs, long lastNs) => (_since, _hasBegun, _lastNs) = (sinceNs, true, lastNs);

    /// <summary>Returns why the condition cannot apply to a signal; null if it can.</summary>
    public string? WhyNever(Signal signal) => _test.WhyNever(signal);

    /// <param name="column">The signal's values.</param>
    /// <param name="row">The row with the value.</param>
    /// <param name="atNs">Time of receipt.</param>
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
        // Also applies if the clock was set back: only a later record shows the new time.
        _lastNs = atNs;
    }

    /// <summary>Reports that no record arrived before this time.</summary>
    public void Wait(long nowNs)
    {
        if (_lastNs is { } last && nowNs - last > SilenceNs)
            End(last + 1);
    }

    public static long Ns(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>The silence that ends a tag, longer than a sending channel is ever silent.</summary>
    private long SilenceNs => Math.Max(LeastSilenceNs, SilentIntervals * _intervalNs);

    private void End(long atNs)
    {
        if (_hasBegun)
            stop(atNs);
        (_since, _hasBegun) = (null, false);
    }
}
