namespace SpeedData.Server.Reporting;

/// <summary>What makes two faults the same.</summary>
internal readonly record struct FaultKey(string Channel, string Source, string Reason);

/// <summary>How often a fault came again. Source and reason are empty for what was withheld to keep the log short.</summary>
internal readonly record struct Repetition(FaultKey Key, long Count);

/// <summary>
/// Logs a fault once, then once a minute how often it was repeated. After a quiet minute it is logged in detail again. Only so
/// many faults are followed at a time, of a channel and in all, which bounds what anyone who can send datagrams can write
/// to the log: one line a minute for each. One thread.
/// </summary>
/// <param name="time">Clock.</param>
/// <param name="perChannel">Faults of one channel followed at a time.</param>
/// <param name="perProcess">Faults followed at a time.</param>
internal sealed class Repetitions(TimeProvider time, int perChannel, int perProcess)
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Dictionary<FaultKey, Told> _told = [];
    private readonly Dictionary<string, int> _toldByChannel = [];
    private readonly Dictionary<string, long> _withheld = [];
    private long _withheldSince = time.GetTimestamp();

    /// <summary>Notes that a fault happened <paramref name="count"/> times.</summary>
    /// <param name="key">Which fault.</param>
    /// <param name="count">How often.</param>
    /// <param name="inDetail">How many of these its detail covers, if it is logged now; the others are repetitions.</param>
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

    /// <summary>The repetitions to log now.</summary>
    public IReadOnlyList<Repetition> Due()
    {
        long now = time.GetTimestamp();
        List<Repetition> due = [.. Again(now, told => time.GetElapsedTime(told.At, now) >= Period)];
        if (time.GetElapsedTime(_withheldSince, now) >= Period)
            due.AddRange(Withheld(now));
        return due;
    }

    /// <summary>All that was not logged yet; for the end of the process.</summary>
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
