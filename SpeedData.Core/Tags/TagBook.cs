using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Tags;

/// <summary>
/// The tags of an archive root as read from disk, with the files that each keeps. Read again if another process changed something. Requires
/// the lock <see cref="Gate"/>.
/// </summary>
/// <param name="root">The archive root.</param>
/// <param name="files">File operations.</param>
/// <param name="maxBytes">Returns the most bytes that all tags together may keep, for the size of their file system.</param>
internal sealed class TagBook(string root, IArchiveFiles files, Func<long, long?> maxBytes)
{
    private readonly Dictionary<(string Channel, string FileName), int> _holders = [];
    private string? _stamp;
    private bool _wasRead;

    public object Gate { get; } = new();

    public string Root => root;

    public IArchiveFiles Files => files;

    public TagStore Store { get; } = new(root, files);

    public FileHolder Holder { get; } = new(files);

    public FileSpans Spans { get; } = new();

    public SharedFiles Shared { get; } = new();

    public DeletedFiles Deleted { get; } = new(root, files);

    /// <summary>The tags in order of their start.</summary>
    public List<TagEntry> Entries { get; private set; } = [];

    /// <summary>Faults in tag definitions.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Bytes that all tags keep, each file counted once.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most bytes that tags may keep; null for no limit.</summary>
    public long? MaxBytes => files.Room(Directory.Exists(root) ? root : "/", out FileSystemRoom room) == 0 ? maxBytes(room.TotalBytes) : null;

    public TagEntry? Find(string name) => Entries.Find(entry => entry.Tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the tags from disk, unless nothing has changed.</summary>
    /// <returns>Whether the tags were read.</returns>
    public bool Refresh(bool always = false)
    {
        string? stamp = Store.Stamp;
        if (_wasRead && !always && stamp is not null && stamp == _stamp)
            return false;
        Faults.Clear();
        Dictionary<string, TagEntry> before = Entries.ToDictionary(entry => entry.Tag.Name, StringComparer.Ordinal);
        Entries = [];
        (Bytes, _wasRead, _stamp) = (0, true, stamp);
        _holders.Clear();
        Shared.Clear();
        foreach (Tag tag in Store.Read(Faults.Add))
        {
            var entry = new TagEntry(tag);
            foreach (HeldFile held in HeldBy(tag))
                Add(entry, held);
            Entries.Add(entry);
        }

        foreach (string channel in Entries.Count == 0 ? [] : Deleted.Channels)
        {
            foreach (DeletedFile deleted in Deleted.Of(channel))
                NoteDeleted(channel, deleted);
        }

        foreach (TagEntry entry in Entries)
        {
            if (before.TryGetValue(entry.Tag.Name, out TagEntry? known))
                KeepReasons(known, entry);
        }

        return true;
    }

    /// <summary>Notes that retention deleted a file. It is missing from the tags that want it, unless a tag keeps it.</summary>
    public void NoteDeleted(string channel, DeletedFile deleted)
    {
        (string, string) key = (channel, deleted.FileName);
        if (_holders.GetValueOrDefault(key) > 0)
            return;
        foreach (TagEntry entry in Entries.Where(entry => entry.Tag.Wants(channel) && entry.Tag.Meets(deleted.FirstNs, deleted.LastNs)))
        {
            // It is unknown which of several deleted files a tag kept. A tag with files of the channel existed in time to keep them.
            if (deleted.Files > 1 && entry.Held.Keys.Any(held => held.Channel == channel))
                continue;
            entry.Missing.Remove(key, out string? why);
            entry.Uncopied.Remove(key);
            entry.Deleted.TryAdd(key, Joined(deleted.Why, why));
        }
    }

    /// <summary>Notes that a tag keeps a file.</summary>
    public void Add(TagEntry entry, HeldFile held)
    {
        entry.Missing.Remove(held.Key);
        entry.Deleted.Remove(held.Key);
        entry.Uncopied.Remove(held.Key);
        if (!entry.Held.TryAdd(held.Key, held))
            return;
        string path = PathOf(entry.Tag, held);
        // A copy takes additional space; a second name takes none.
        if (!IsHeldElsewhere(entry, held, path))
            Bytes += held.Bytes;
        _holders[held.Key] = _holders.GetValueOrDefault(held.Key) + 1;
        if (NameOf(held.Channel, held.FileName) is not { } name)
            return;
        if (Holder.IsSame(path, OriginalOf(held.Channel, held.FileName)))
            Shared.Add(name, held.Bytes);
        else
            Shared.Remove(name);
    }

    public string PathOf(Tag tag, HeldFile held) => Path.Combine(TagFolders.Of(root, tag.Name, held.Channel), held.FileName);

    /// <summary>Returns the path of a file in the channel's folder.</summary>
    public string OriginalOf(string channel, string fileName) => Path.Combine(root, channel, fileName);

    /// <summary>Returns an existing path of a file: in the channel's folder, or in a tag's folder.</summary>
    public string SourceOf(string channel, string fileName)
    {
        string original = OriginalOf(channel, fileName);
        if (File.Exists(original))
            return original;
        var key = (channel, fileName);
        return Entries.Find(entry => entry.Held.ContainsKey(key)) is { } entry ? PathOf(entry.Tag, entry.Held[key]) : original;
    }

    /// <summary>Null if the name is not that of a finished archive.</summary>
    public static ArchiveName? NameOf(string channel, string fileName) =>
        ArchiveName.TryParse(fileName, channel, out ArchiveName name, out ArchiveFileKind kind) && kind == ArchiveFileKind.Finished ? name : null;

    /// <summary>Whether another tag keeps the file.</summary>
    public bool IsHeldByOthers(TagEntry entry, HeldFile held) => Entries.Exists(other => other != entry && other.Held.ContainsKey(held.Key));

    /// <summary>Returns the size of an archive and its index in bytes.</summary>
    public static long SizeOf(string path)
    {
        FileInfo archive = new(path), index = new(Path.ChangeExtension(path, FileSuffix.Index));
        return (archive.Exists ? archive.Length : 0) + (index.Exists ? index.Length : 0);
    }

    private IEnumerable<HeldFile> HeldBy(Tag tag)
    {
        foreach (RecordedChannel channel in ArchiveCatalogue.In(TagFolders.Of(root, tag.Name)))
        {
            foreach (ListedFile file in channel.Files.Where(file => !file.IsPart))
                yield return new HeldFile(channel.Name, file.Name, SizeOf(file.Path));
        }
    }

    private bool IsHeldElsewhere(TagEntry entry, HeldFile held, string path)
    {
        if (_holders.GetValueOrDefault(held.Key) == 0)
            return false;
        foreach (TagEntry other in Entries)
        {
            if (other != entry && other.Held.ContainsKey(held.Key) && Holder.IsSame(path, PathOf(other.Tag, held)))
                return true;
        }

        return false;
    }

    private static void KeepReasons(TagEntry from, TagEntry to)
    {
        foreach ((string Channel, string FileName) key in to.Deleted.Keys.ToList())
            to.Deleted[key] = from.Deleted.GetValueOrDefault(key) ?? Joined(to.Deleted[key], from.Missing.GetValueOrDefault(key));
        // A different range or different channels need different files.
        if (!from.Tag.WantsSameAs(to.Tag))
            return;
        foreach (((string Channel, string FileName) key, string why) in from.Missing.Where(missing => !to.Held.ContainsKey(missing.Key) && !to.Deleted.ContainsKey(missing.Key)))
            to.Missing[key] = why;
        foreach (((string Channel, string FileName) key, string folder) in from.Uncopied.Where(missing => !to.Held.ContainsKey(missing.Key) && !to.Deleted.ContainsKey(missing.Key)))
            to.Uncopied[key] = folder;
    }

    private static string Joined(string deleted, string? before) => before is null ? deleted : $"{deleted}: {before}";
}
