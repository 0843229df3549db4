using Microsoft.Extensions.Logging;

namespace SpeedData.Core.Tags;

/// <summary>Logs what tags cannot keep and why, each reason at most once a minute.</summary>
internal sealed class TagTrouble(TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _toldAt = new(StringComparer.Ordinal);

    public void Failed(string why)
    {
        if (IsDue("failed"))
            log.LogWarning("Tags: {Why}; the server will try again", why);
    }

    public void Tell(TagBook book)
    {
        foreach (string fault in book.Faults.Where(IsDue))
            log.LogWarning("Tags: {Fault}", fault);
        foreach (TagEntry entry in book.Entries.Where(entry => entry.Missing.Count > 0 && IsDue("tag " + entry.Tag.Name)))
        {
            ((string Channel, string FileName) key, string why) = entry.Missing.First();
            log.LogWarning("Tag {Tag}: {Count:N0} files are not kept, the first of them {Channel}/{File}: {Why}", entry.Tag.Name, entry.Missing.Count, key.Channel, key.FileName, why);
        }
    }

    public void Tell(IEnumerable<(string Rule, string Why)> faults)
    {
        foreach ((string rule, string why) in faults)
        {
            if (IsDue("rule " + rule + why))
                log.LogWarning("Tags:Auto {Rule}: {Why}", rule, why);
        }
    }

    private bool IsDue(string what)
    {
        lock (_toldAt)
        {
            if (_toldAt.TryGetValue(what, out long told) && time.GetElapsedTime(told) < Between)
                return false;
            if (_toldAt.Count > 10_000)
                _toldAt.Clear();
            _toldAt[what] = time.GetTimestamp();
            return true;
        }
    }
}
