using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect;

/// <summary>The counter field to follow, and its step.</summary>
/// <param name="Field">Name of a top-level int or long field.</param>
/// <param name="Step">The increment from record to record; not 0.</param>
public sealed record CounterOptions(string Field, long Step = 1);

/// <summary>Counts the values of a counter field, its gaps and its restarts.</summary>
public sealed class CounterTally
{
    /// <summary>Number of values read.</summary>
    public long Values { get; internal set; }

    public long? First { get; internal set; }

    public long? Last { get; internal set; }

    /// <summary>Number of values that were skipped, even if they came late.</summary>
    public long Missing { get; internal set; }

    /// <summary>Number of repeated values.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Number of missing values that came late. The other missing values are lost.</summary>
    public long Late { get; internal set; }

    /// <summary>Number of times the counter restarted.</summary>
    public long Restarts { get; internal set; }

    internal void Add(CounterTally other)
    {
        Values += other.Values;
        First ??= other.First;
        Last = other.Last ?? Last;
        Missing = Saturated.Add(Missing, other.Missing);
        Duplicated += other.Duplicated;
        Late += other.Late;
        Restarts += other.Restarts;
    }
}

/// <summary>
/// Follows the values of a counter field through the files of a channel. A value ahead of the expected one opens a gap, and a value inside
/// an open gap is late. The previous value, or a nonzero value at most <see cref="Window"/> steps behind, is a duplicate. Any other value
/// behind, or between two steps, is a restart. The counter wraps at the size of its type. One thread.
/// </summary>
internal sealed class CounterCheck(long step)
{
    /// <summary>The most steps that a duplicate can be behind, and the most gaps that are remembered.</summary>
    public const int Window = 1_000;

    // The first missing value and the number of missing values of each gap, oldest first.
    private readonly List<(long First, long Count)> _gaps = [];
    private long _last;
    private long _expected;
    private bool _begun;

    /// <returns>The finding for the value; null if the value was expected.</returns>
    public (FindingKind Kind, string Detail)? Next(long value, int bits, CounterTally tally)
    {
        tally.Values++;
        tally.First ??= value;
        tally.Last = value;
        long expected = _expected;
        if (!_begun || value == expected)
        {
            Follow(value, bits);
            return null;
        }

        (long steps, bool isWhole) = Distance(expected, value, bits);
        if (TryFill(value, bits))
            return Late(value, tally);
        if (isWhole && steps < 0 && steps >= -Window && (value != 0 || value == _last))
            return Duplicate(value, tally);
        if (steps > 0 && isWhole)
            return Gap(value, steps, bits, tally);
        return Restart(value, expected, bits, tally);
    }

    private void Follow(long value, int bits)
    {
        _begun = true;
        _last = value;
        _expected = Wrapped(unchecked(value + step), bits);
    }

    private static (FindingKind Kind, string Detail) Late(long value, CounterTally tally)
    {
        tally.Late++;
        return (FindingKind.CounterLate, $"value {value} comes after later values");
    }

    private static (FindingKind Kind, string Detail) Duplicate(long value, CounterTally tally)
    {
        tally.Duplicated++;
        return (FindingKind.CounterDuplicate, $"value {value} is repeated");
    }

    private (FindingKind Kind, string Detail) Gap(long value, long steps, int bits, CounterTally tally)
    {
        long first = _expected;
        _gaps.Add((first, steps));
        ForgetOldest();
        tally.Missing = Saturated.Add(tally.Missing, steps);
        Follow(value, bits);
        return (FindingKind.CounterGap, steps == 1 ? $"value {first} is missing" : $"{steps:N0} values are missing, from {first} to the one before {value}");
    }

    private (FindingKind Kind, string Detail) Restart(long value, long expected, int bits, CounterTally tally)
    {
        tally.Restarts++;
        _gaps.Clear();
        Follow(value, bits);
        return (FindingKind.CounterRestart, $"value {value} instead of {expected}: the counter restarted");
    }

    /// <summary>Removes a value from its gap.</summary>
    private bool TryFill(long value, int bits)
    {
        for (int i = _gaps.Count - 1; i >= 0; i--)
        {
            (long first, long count) = _gaps[i];
            (long at, bool isWhole) = Distance(first, value, bits);
            if (!isWhole || at < 0 || at >= count)
                continue;
            _gaps.RemoveAt(i);
            if (at + 1 < count)
                _gaps.Insert(i, (Wrapped(unchecked(value + step), bits), count - at - 1));
            if (at > 0)
                _gaps.Insert(i, (first, at));
            ForgetOldest();
            return true;
        }

        return false;
    }

    private void ForgetOldest()
    {
        if (_gaps.Count > Window)
            _gaps.RemoveAt(0);
    }

    /// <summary>Counts the steps from one value to another, in the shorter direction.</summary>
    private (long Steps, bool IsWhole) Distance(long from, long to, int bits)
    {
        long difference = Wrapped(unchecked(to - from), bits);
        // Negating the smallest long overflows, and only a step of -1 would negate it.
        return difference == long.MinValue ? (0, false) : (difference / step, difference % step == 0);
    }

    private static long Wrapped(long value, int bits) => bits == 32 ? unchecked((int)value) : value;
}
