namespace SpeedData.Core.Live;

/// <summary>
/// Changes that wait for a watcher. If a signal changes often, only its latest change is kept, which limits their number. Any thread.
/// </summary>
public sealed class PendingChanges
{
    private readonly Lock _gate = new();
    private readonly List<Change> _changes = [];
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);
    private long _skipped;

    public bool Any
    {
        get
        {
            lock (_gate)
                return _changes.Count > 0;
        }
    }

    public void Add(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            int waiting = _waiting.GetValueOrDefault(change.Signal);
            if (waiting == ChangeTracker.MostInARound)
            {
                _changes.RemoveAt(_changes.FindLastIndex(other => other.Signal == change.Signal));
                _skipped++;
            }
            else
            {
                _waiting[change.Signal] = waiting + 1;
            }

            _changes.Add(change);
        }
    }

    public void Skip(int changes)
    {
        lock (_gate)
            _skipped += changes;
    }

    /// <summary>Moves the pending changes to a list, oldest first.</summary>
    /// <returns>The number of changes left out.</returns>
    public long Take(List<Change> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_gate)
        {
            into.AddRange(_changes);
            _changes.Clear();
            _waiting.Clear();
            long skipped = _skipped;
            _skipped = 0;
            return skipped;
        }
    }
}
