namespace SpeedData.Core.Archive;

/// <summary>A finished archive file and the facts about its age.</summary>
/// <param name="Microseconds">The time in its name: Unix time in µs.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Since">The time provider's timestamp at which this process finished the file, or first saw it.</param>
/// <param name="ModifiedAt">When the file was last written, if it was found; null if this process finished it.</param>
internal readonly record struct FinishedFile(long Microseconds, long Bytes, long Since, DateTimeOffset? ModifiedAt)
{
    public bool WasFound => ModifiedAt is not null;
}

/// <summary>The finished files of a folder in order of their names, which is the order of age. One thread at a time.</summary>
internal sealed class FinishedFiles
{
    private readonly SortedSet<FinishedFile> _byName = new(Comparer<FinishedFile>.Create((a, b) => a.Microseconds.CompareTo(b.Microseconds)));

    public int Count => _byName.Count;

    public long Bytes { get; private set; }

    /// <summary>The time in the name of the oldest file, as Unix time in µs; null if there is none. Allocates nothing.</summary>
    public long? Oldest => _byName.Count == 0 ? null : _byName.Min.Microseconds;

    /// <summary>The size of the newest file in bytes; 0 if there is none. Allocates nothing.</summary>
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

    /// <summary>Returns the oldest file that passes the test, but never the newest file.</summary>
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
    /// Adds the old files, oldest first, but never the newest file. This process finished its files in the order of their names, so
    /// after its first file that is not old there are no old ones.
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
