namespace SpeedData.Server.Reporting;

/// <summary>Identifies a fault: two faults with equal keys are repetitions.</summary>
internal readonly record struct FaultKey(string Channel, string Source, string Reason);

/// <summary>How often a fault was repeated. Source and reason are empty for faults that were not followed separately.</summary>
internal readonly record struct Repetition(FaultKey Key, long Count);

/// <summary>
/// Decides when to log a fault: once in detail, then once a minute with a count, and in detail again after a quiet minute. The number
/// of faults that are followed at a time is limited, for each channel and in total. This limits what a sender of datagrams can write
/// to the log: one line a minute for each fault. One thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perChannel">Faults followed at a time for one channel.</param>
/// <param name="perProcess">Faults followed at a time in total.</param>
internal sealed class Repetitions(TimeProvider time, int perChannel, int perProcess)
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FaultKey, Told> _told = [];
    private readonly Dictionary<string, int> _toldByChannel = [];
    private readonly Dictionary<string, long> _withheld = [];
    private long _withheldSince = time.GetTimestamp();

    /// <summary>Notes that a fault happened <paramref name="count"/> times.</summary>
    /// <param name="key">The fault.</param>
    /// <param name="count">How often it happened.</param>
    /// <param name="inDetail">How many of these the detailed line covers, if it is logged now. The others are repetitions.</param>
    /// <returns>Whether to log it now.</returns>
    public bool IsNews(FaultKey key, long count, long inDetail = 1)
    {
        if (_told.TryGetValue(key, out Told? told))
        {
            told.Untold += count;
            return false;
        }
        int ofChannel = _toldByChannel.GetValueOrDefault(key.Channel);
        if (ofChannel >= perChannel || _told.Count >= perProcess)
        {
            _withheld[key.Channel] = _withheld.GetValueOrDefault(key.Channel) + count;
            return false;
        }
        _toldByChannel[key.Channel] = ofChannel + 1;
        _told[key] = new Told { At = time.GetTimestamp(), Untold = count - inDetail };
        return true;
    }

    /// <summary>Returns the repetitions to log now.</summary>
    public IReadOnlyList<Repetition> Due()
    {
        long now = time.GetTimestamp();
        List<Repetition> due = [.. Again(now, told => time.GetElapsedTime(told.At, now) >= Period)];
        if (time.GetElapsedTime(_withheldSince, now) >= Period)
            due.AddRange(Withheld(now));
        return due;
    }

    /// <summary>Returns all repetitions that were not logged yet; for the end of the process.</summary>
    public IReadOnlyList<Repetition> Rest()
    {
        long now = time.GetTimestamp();
        return [.. Again(now, _ => true), .. Withheld(now)];
    }

    private IEnumerable<Repetition> Again(long now, Func<Told, bool> isDue)
    {
        foreach ((FaultKey key, Told told) in _told.Where(entry => isDue(entry.Value)).ToList())
        {
            if (told.Untold == 0)
            {
                Forget(key);
                continue;
            }
            yield return new Repetition(key, told.Untold);
            told.Untold = 0;
            told.At = now;
        }
    }

    private List<Repetition> Withheld(long now)
    {
        List<Repetition> withheld = [.. _withheld.Take(perProcess).Select(w => new Repetition(new FaultKey(w.Key, "", ""), w.Value))];
        _withheld.Clear();
        _withheldSince = now;
        return withheld;
    }

    private void Forget(FaultKey key)
    {
        _told.Remove(key);
        if (--_toldByChannel[key.Channel] == 0)
            _toldByChannel.Remove(key.Channel);
    }

    private sealed class Told
    {
        public long At;
        public long Untold;
    }
}
