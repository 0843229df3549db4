using SpeedData.Core.Schema;

namespace SpeedData.Core.Inspect;

/// <summary>Which field counts, and by how much from record to record.</summary>
/// <param name="Field">A top-level int or long.</param>
/// <param name="Step">What each record adds; not 0.</param>
public sealed record CounterOptions(string Field, long Step = 1);

/// <summary>The values of a counter field, and their gaps.</summary>
public sealed class CounterTally
{
    /// <summary>Values read.</summary>
    public long Values { get; internal set; }

    public long? First { get; internal set; }

    public long? Last { get; internal set; }

    /// <summary>Values that came out of order.</summary>
    public long Missing { get; internal set; }

    /// <summary>Values that came again.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Missing values that came later after all; the difference is lost.</summary>
    public long Late { get; internal set; }

    /// <summary>How often the counter began again.</summary>
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
/// Follows the values of a counter field through the files of a channel. A value ahead of the expected one opens a gap. A value
/// in an open gap is late. The value before, or one at most <see cref="Window"/> steps behind that is not 0, is a duplicate.
/// Any other value that is behind, or is no step of the counter, is a restart. It wraps as the field's type does. One thread.
/// </summary>
internal sealed class CounterCheck(long step)
{
    /// <summary>How far behind a value may be to count as a duplicate, and how many gaps are remembered.</summary>
    public const int Window = 1_000;

    // Each with the first value that is missing and how many are, the oldest first.
    private readonly List<(long First, long Count)> _gaps = [];
    private long _last;
    private long _expected;
    private bool _begun;

    /// <returns>The finding for the value; null if it is the expected one.</returns>
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
        return (FindingKind.CounterLate, $"value {value} comes after later ones");
    }

    private static (FindingKind Kind, string Detail) Duplicate(long value, CounterTally tally)
    {
        tally.Duplicated++;
        return (FindingKind.CounterDuplicate, $"value {value} comes again");
    }

    private (FindingKind Kind, string Detail) Gap(long value, long steps, int bits, CounterTally tally)
    {
        long first = _expected;
        _gaps.Add((first, steps));
        ForgetOldest();
        tally.Missing = Saturated.Add(tally.Missing, steps);
        Follow(value, bits);
        return (FindingKind.CounterGap, steps == 1 ? $"value {first} is missing" : $"{steps:N0} values are missing from {first} on, before {value}");
    }

    private (FindingKind Kind, string Detail) Restart(long value, long expected, int bits, CounterTally tally)
    {
        tally.Restarts++;
        _gaps.Clear();
        Follow(value, bits);
        return (FindingKind.CounterRestart, $"value {value} instead of {expected}: the counter restarted");
    }

    /// <summary>Takes a value out of the gap it lies in.</summary>
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

    /// <summary>Steps from one value to another, by the shorter way round.</summary>
    private (long Steps, bool IsWhole) Distance(long from, long to, int bits)
    {
        long difference = Wrapped(unchecked(to - from), bits);
        // The smallest long has no opposite, and -1 is the only step that would ask for it.
        return difference == long.MinValue ? (0, false) : (difference / step, difference % step == 0);
    }

    private static long Wrapped(long value, int bits) => bits == 32 ? unchecked((int)value) : value;
}
