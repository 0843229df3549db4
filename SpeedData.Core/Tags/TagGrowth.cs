using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Container;
using SpeedData.Core.Native;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Tags;

/// <summary>Lets tags keep the finished archives that they want. Requires the book's lock, except for copies.</summary>
internal sealed class TagGrowth(TagBook book)
{
    // A running server keeps a finished file within this time.
    private static readonly TimeSpan SoonKept = TimeSpan.FromSeconds(30);

    /// <summary>Keeps the wanted archives from the channels' folders, and releases those that the tag no longer wants.</summary>
    /// <returns>Whether an archive was released.</returns>
    public bool Grow(TagEntry entry)
    {
        foreach (string folder in FoldersOf(entry.Tag))
            book.Holder.Heal(folder);
        foreach ((string channel, string fileName) in Wanted(entry).ToList())
            Claim(entry, channel, fileName);
        bool letGo = false;
        foreach (HeldFile held in entry.Held.Values.ToList())
            letGo |= TryLetGo(entry, held);
        return letGo;
    }

    /// <summary>Grows all tags.</summary>
    public bool GrowAll()
    {
        bool letGo = false;
        foreach (TagEntry entry in book.Entries)
            letGo |= Grow(entry);
        return letGo;
    }

    /// <summary>Lets a tag keep a file, if it wants it and can.</summary>
    /// <returns>Why the file must stay in the channel's folder; null if it may go.</returns>
    public string? Claim(TagEntry entry, string channel, string fileName)
    {
        (string, string) key = (channel, fileName);
        if (!entry.Tag.Wants(channel) || entry.Held.ContainsKey(key))
            return null;
        string source = book.SourceOf(channel, fileName);
        if (book.Spans.Of(source) is not { } span || !entry.Tag.Meets(span.First, span.Last))
            return null;
        var wanted = new HeldFile(channel, fileName, TagBook.SizeOf(source));
        entry.Uncopied.Remove(key);
        string? limit = WhyTooMuch(wanted.Bytes);
        if (limit is not null && !book.IsHeldByOthers(entry, wanted))
            return IsNotKept(entry, key, limit);

        string folder = TagFolders.Of(book.Root, entry.Tag.Name, channel);
        switch (book.Holder.Link(Path.GetDirectoryName(source)!, folder, fileName))
        {
            case HoldOutcome.Held:
                book.Add(entry, wanted);
                return null;
            case HoldOutcome.Gone:
                return IsNotKept(entry, key, "it was deleted before it could be kept");
            case HoldOutcome.NeedsCopy when limit is not null:
                // A copy of another tag does not help, because this tag needs its own.
                return IsNotKept(entry, key, limit);
            case HoldOutcome.NeedsCopy:
                entry.Uncopied[key] = folder;
                return Stays(entry, key, "it waits to be copied, because there are no hard links to the tag's folder");
            default:
                return Stays(entry, key, $"it cannot be kept: {Errno.Text(book.Holder.Error)}");
        }
    }

    /// <summary>Makes the copies that tags wait for. Call without the lock, because copying may be slow.</summary>
    public void Copy(CancellationToken stop)
    {
        (TagEntry Entry, (string Channel, string FileName) Key, string Folder)[] waiting;
        lock (book.Gate)
            waiting = [.. book.Entries.SelectMany(entry => entry.Uncopied.Select(file => (entry, file.Key, file.Value)))];
        foreach ((TagEntry entry, (string Channel, string FileName) key, string folder) in waiting)
            Copy(entry, key, folder, stop);
    }

    /// <summary>Returns the archives that a tag wants but does not keep although no process is working on them, with the reason.</summary>
    public IEnumerable<KeyValuePair<(string Channel, string FileName), string>> Unkept(TagEntry entry, DateTimeOffset now)
    {
        foreach ((string channel, string fileName) key in Wanted(entry))
        {
            string source = book.SourceOf(key.channel, key.fileName);
            if (book.Spans.Of(source) is { } span && entry.Tag.Meets(span.First, span.Last) && now - File.GetLastWriteTimeUtc(source) > SoonKept)
                yield return new(key, WhyTooMuch(TagBook.SizeOf(source)) ?? "it is not kept yet: a running server, or the next change of a tag, keeps it");
        }
    }

    /// <summary>Returns the archives in channels' folders and other tags that a tag may want and does not keep.</summary>
    private IEnumerable<(string Channel, string FileName)> Wanted(TagEntry entry)
    {
        IEnumerable<(string, string)> inChannels = ArchiveCatalogue.In(book.Root).Where(channel => entry.Tag.Wants(channel.Name)).SelectMany(channel => Wanted(entry, channel));
        IEnumerable<(string, string)> inTags = book.Entries.Where(other => other != entry).SelectMany(other => other.Held.Keys).Where(key => entry.Tag.Wants(key.Channel) && !entry.Held.ContainsKey(key));
        return inChannels.Concat(inTags).Distinct();
    }

    private static IEnumerable<(string Channel, string FileName)> Wanted(TagEntry entry, RecordedChannel channel)
    {
        for (int i = 0; i < channel.Files.Count; i++)
        {
            ListedFile file = channel.Files[i];
            if (file.IsPart || entry.Held.ContainsKey((channel.Name, file.Name)))
                continue;
            long? named = FileSpans.NameNs(file.Path);
            long? next = i + 1 < channel.Files.Count ? FileSpans.NameNs(channel.Files[i + 1].Path) : null;
            long written = TimeText.NsOf(File.GetLastWriteTimeUtc(file.Path));
            if (named is not { } name || !FileSpans.IsBeyond(entry.Tag, name, written, next))
                yield return (channel.Name, file.Name);
        }
    }

    /// <summary>Releases a file that the tag no longer wants after a change. Keeps the last copy.</summary>
    private bool TryLetGo(TagEntry entry, HeldFile held)
    {
        string path = book.PathOf(entry.Tag, held);
        // A user may have put a link to the channel's folder there; its files do not belong to the tag.
        if (FileKind.AreOne(Path.GetDirectoryName(path)!, Path.GetDirectoryName(book.OriginalOf(held.Channel, held.FileName))!))
            return false;
        bool isWanted = entry.Tag.Wants(held.Channel) && (book.Spans.Of(path) is not { } span || entry.Tag.Meets(span.First, span.Last));
        if (isWanted || IsLast(entry, held))
            return false;
        book.Holder.Release(Path.GetDirectoryName(path)!, held.FileName);
        book.Files.DeleteFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Whether neither a channel's folder nor another tag has the file.</summary>
    public bool IsLast(TagEntry entry, HeldFile held)
    {
        string path = book.PathOf(entry.Tag, held);
        return !FileHolder.HasSameContent(path, book.OriginalOf(held.Channel, held.FileName))
            && !book.Entries.Exists(other => other != entry && other.Held.ContainsKey(held.Key) && FileHolder.HasSameContent(path, book.PathOf(other.Tag, held)));
    }

    /// <summary>Notes that the tag does not keep the file, which may be deleted.</summary>
    private static string? IsNotKept(TagEntry entry, (string Channel, string FileName) key, string why)
    {
        entry.Missing[key] = why;
        return null;
    }

    private static string Stays(TagEntry entry, (string Channel, string FileName) key, string why)
    {
        entry.Missing[key] = why;
        return $"tag {entry.Tag.Name}: {why}";
    }

    private string? WhyTooMuch(long bytes)
    {
        long waiting = book.Entries.Sum(entry => entry.Uncopied.Keys.Sum(key => TagBook.SizeOf(book.OriginalOf(key.Channel, key.FileName))));
        return book.MaxBytes is { } most && book.Bytes + waiting + bytes > most
            ? $"the tags keep {SizeText.Approximate(book.Bytes)}, and Tags:MaxBytes allows {SizeText.Approximate(most)}"
            : null;
    }

    private void Copy(TagEntry entry, (string Channel, string FileName) key, string folder, CancellationToken stop)
    {
        string source;
        lock (book.Gate)
            source = book.SourceOf(key.Channel, key.FileName);
        var wanted = new HeldFile(key.Channel, key.FileName, TagBook.SizeOf(source));
        string? noRoom = WhyNoRoom(wanted.Bytes);
        HoldOutcome outcome = noRoom is null ? book.Holder.Copy(Path.GetDirectoryName(source)!, folder, key.FileName, stop) : HoldOutcome.Failed;
        lock (book.Gate)
        {
            if (outcome == HoldOutcome.Held)
                book.Add(entry, wanted);
            else if (outcome == HoldOutcome.Gone)
                entry.Uncopied.Remove(key);
            entry.Missing.Remove(key);
            if (outcome != HoldOutcome.Held)
                entry.Missing[key] = noRoom ?? (outcome == HoldOutcome.Gone ? "it was deleted before it could be copied" : $"it cannot be copied: {Errno.Text(book.Holder.Error)}");
        }
    }

    /// <summary>Returns why there is no space for a copy, which must leave the space that the recording needs.</summary>
    private string? WhyNoRoom(long bytes)
    {
        if (book.Files.Room(TagFolders.Below(book.Root), out FileSystemRoom room) != 0)
            return null;
        long needed = bytes + FreeSpaceFloor.Suitable.On(room.TotalBytes);
        return room.FreeBytes >= needed ? null : $"a copy needs {SizeText.Approximate(needed)} of free space, including the reserve for the recording, but only {SizeText.Approximate(room.FreeBytes)} are free";
    }

    /// <summary>
    /// Returns the tag's folders of channels. Links are excluded, because they may lead to a folder with a running recording.
    /// </summary>
    private IEnumerable<string> FoldersOf(Tag tag) => ArchiveCatalogue.In(TagFolders.Of(book.Root, tag.Name)).Select(channel => channel.Folder)
        .Concat(Directory.EnumerateDirectories(TagFolders.Of(book.Root, tag.Name))).Distinct().Where(folder => new DirectoryInfo(folder).LinkTarget is null);
}
