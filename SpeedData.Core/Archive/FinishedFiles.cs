namespace SpeedData.Core.Archive;

/// <summary>The finished files of a folder by name, which is by age. One thread at a time.</summary>
internal sealed class FinishedFiles
{
    private readonly SortedSet<FinishedFile> _byName = new(Comparer<FinishedFile>.Create((a, b) => a.Microseconds.CompareTo(b.Microseconds)));

    public int Count => _byName.Count;

    public long Bytes { get; private set; }

    /// <summary>Name of the oldest, as Unix time in µs; null where there is none. Allocates nothing.</summary>
    public long? Oldest => _byName.Count == 0 ? null : _byName.Min.Microseconds;

    /// <summary>Bytes of the newest; 0 where there is none. Allocates nothing.</summary>
    public long NewestBytes => _byName.Count == 0 ? 0 : _byName.Max.Bytes;

    public void Add(FinishedFile file)
    {
        if (_byName.Add(file))
            Bytes += file.Bytes;
    }

    public void Remove(long microseconds)
    {
        if (TryGet(microseconds, out FinishedFile file) && _byName.Remove(file))
            Bytes -= file.Bytes;
    }

    public bool TryGet(long microseconds, out FinishedFile file) =>
        _byName.TryGetValue(new FinishedFile(microseconds, 0, 0, null), out file);

    /// <summary>The oldest that passes, the newest of all excepted.</summary>
    public FinishedFile? OldestOf(Predicate<FinishedFile> passes)
    {
        long newest = _byName.Max.Microseconds;
        foreach (FinishedFile file in _byName)
        {
            if (file.Microseconds != newest && passes(file))
                return file;
        }
        return null;
    }

    /// <summary>
    /// Adds those that are old, the newest of all excepted, oldest first. Those of this process were finished in the order
    /// of their names: behind the first of them that is not old none is.
    /// </summary>
    public void Collect(Predicate<FinishedFile> isOld, ICollection<FinishedFile> into)
    {
        long newest = _byName.Max.Microseconds;
        foreach (FinishedFile file in _byName)
        {
            bool old = isOld(file);
            if (old && file.Microseconds != newest)
                into.Add(file);
            if (!old && !file.WasFound)
                return;
        }
    }
}
