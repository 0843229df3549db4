using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Tags;

/// <summary>
/// Starts, stops, marks, changes and removes tags, for commands and for HTTP, with or without a running server. Any thread.
/// </summary>
public sealed class TagDesk
{
    private readonly TagBook _book;
    private readonly TagGrowth _growth;
    private readonly TimeProvider _time;
    private readonly bool _makesCopies;

    /// <param name="book">The tags.</param>
    /// <param name="time">The clock.</param>
    /// <param name="makesCopies">Whether a change also makes the necessary copies, and waits for them.</param>
    internal TagDesk(TagBook book, TimeProvider time, bool makesCopies) =>
        (_book, _growth, _time, _makesCopies) = (book, new TagGrowth(book), time, makesCopies);

    /// <summary>Creates a desk for a command, which waits for copies.</summary>
    public static TagDesk Of(string root, TagLimit maxBytes, TimeProvider time) =>
        new(new TagBook(root, PortableArchiveFiles.ForThisPlatform, maxBytes.On), time, makesCopies: true);

    /// <summary>Returns the tags of an archive root in order of their start. Changes nothing.</summary>
    public static IReadOnlyList<Tag> TagsOf(string root)
    {
        try
        {
            return new TagStore(root, PortableArchiveFiles.ForThisPlatform).Read();
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return [];
        }
    }

    internal TagBook Book => _book;

    public long NowNs => TimeText.NsOf(_time.GetUtcNow());

    /// <summary>Returns all tags and what they keep, in order of their start.</summary>
    public IReadOnlyList<TagReport> List() => Reading(() => (IReadOnlyList<TagReport>)[.. _book.Entries.Select(Report)]);

    /// <exception cref="TagException">The tag does not exist.</exception>
    public TagReport Get(string name) => Reading(() => Report(Demand(name)));

    /// <summary>Creates a tag.</summary>
    /// <exception cref="TagException">The tag is not valid, its name exists already, or the disk refuses it.</exception>
    public TagReport Add(Tag tag)
    {
        TagRules.Demand(tag);
        return Change(() =>
        {
            if (_book.Find(tag.Name) is { } taken)
                throw new TagException(TagFault.Conflict, $"tag '{taken.Tag.Name}' exists already: choose another name, or change it with tag edit");
            return Written(tag);
        });
    }

    /// <summary>Changes the tag with a name.</summary>
    /// <exception cref="TagException">The tag does not exist, the new one is not valid, or the disk refuses it.</exception>
    public TagReport Edit(string name, Func<Tag, Tag> edit) => Change(() =>
    {
        Tag edited = edit(Demand(name).Tag);
        TagRules.Demand(edited);
        return Written(edited);
    });

    /// <summary>Creates a tag or replaces an existing one.</summary>
    /// <returns>The tag, and whether it is new.</returns>
    public (TagReport Report, bool IsNew) Put(string name, Func<Tag?, Tag> make)
    {
        TagRules.DemandName(name);
        return Change(() =>
        {
            Tag? before = _book.Find(name)?.Tag;
            Tag after = make(before);
            TagRules.Demand(after);
            return (Written(after), before is null);
        });
    }

    /// <summary>Stops an open tag.</summary>
    /// <param name="name">The tag's name; null if only one tag is open.</param>
    /// <param name="atNs">The end of the tag.</param>
    /// <exception cref="TagException">The tag is not open, or several tags are open.</exception>
    public TagReport Stop(string? name, long atNs) => Change(() =>
    {
        Tag tag = name is null ? OnlyOpen() : Demand(name).Tag;
        if (!tag.IsOpen)
            throw new TagException(TagFault.Conflict, $"tag '{tag.Name}' is already stopped; tag edit {tag.Name} --to T changes its end");
        Tag stopped = tag with { ToNs = atNs };
        TagRules.Demand(stopped);
        return Written(stopped);
    });

    /// <summary>Adds a mark.</summary>
    /// <param name="name">The tag's name; null for every open tag.</param>
    /// <param name="mark">The mark.</param>
    public IReadOnlyList<TagReport> Mark(string? name, TagMark mark) => Change(() =>
    {
        Tag[] tags = name is not null ? [Demand(name).Tag] : [.. _book.Entries.Select(entry => entry.Tag).Where(tag => tag.IsOpen && tag.Holds(mark.AtNs))];
        if (tags.Length == 0)
            throw new TagException(TagFault.Conflict, "no tag is open at that moment; start one with tag start NAME, or name one with --tag NAME");
        IReadOnlyList<Tag> marked = [.. tags.Select(tag => tag with { Marks = [.. tag.Marks.Append(mark).OrderBy(other => other.AtNs)] })];
        foreach (Tag tag in marked)
            TagRules.Demand(tag);
        return (IReadOnlyList<TagReport>)[.. marked.Select(Written)];
    });

    /// <summary>Removes a tag. Deletes the last copies of archives only if <paramref name="deleteData"/> is set.</summary>
    /// <exception cref="TagException">The tag keeps the last copy of an archive.</exception>
    public TagReport Remove(string name, bool deleteData) => Change(() =>
    {
        TagEntry entry = Demand(name);
        TagReport report = Report(entry);
        HeldFile[] last = deleteData ? [] : [.. entry.Held.Values.Where(held => _growth.IsLast(entry, held))];
        if (last.Length > 0)
            throw new LastCopyException(entry.Tag.Name, [.. last.GroupBy(held => held.Channel).Select(channel => new LastCopies(channel.Key, channel.Count(), channel.Sum(held => held.Bytes)))]);
        if (!deleteData && _book.Store.Foreign(entry.Tag) is { Count: > 0 } foreign)
            throw new TagException(TagFault.Conflict, $"the folder of tag '{entry.Tag.Name}' has {foreign.Count:N0} {(foreign.Count == 1 ? "file" : "files")} that no tag made, for example {foreign[0]}; move what you need, or delete it too with --delete-data (delete_data=true)");
        _book.Store.Remove(entry.Tag);
        _book.Refresh(always: true);
        return report;
    });

    /// <summary>Deletes the remains of interrupted changes, and lets every tag keep its archives.</summary>
    internal void Heal() => Change(() =>
    {
        if (_growth.GrowAll())
            _book.Refresh(always: true);
        return 0;
    });

    private TagReport Written(Tag tag)
    {
        _book.Store.Write(tag);
        _book.Refresh(always: true);
        if (_growth.Grow(Demand(tag.Name)))
            _book.Refresh(always: true);
        return Report(Demand(tag.Name));
    }

    private T Change<T>(Func<T> change)
    {
        T result;
        if (!Directory.Exists(_book.Root))
            throw new TagException(TagFault.Unavailable, $"{_book.Root} does not exist; give an archive root");
        lock (_book.Gate)
        {
            result = _book.Store.Locked(() =>
            {
                _book.Store.Heal();
                _book.Refresh();
                return change();
            });
        }

        if (_makesCopies)
            _growth.Copy(CancellationToken.None);
        return result;
    }

    private T Reading<T>(Func<T> read)
    {
        lock (_book.Gate)
        {
            _book.Refresh();
            return read();
        }
    }

    private TagEntry Demand(string name) => _book.Find(name)
        ?? throw new TagException(TagFault.Missing, $"there is no tag '{name}'{(_book.Entries.Count == 0 ? "" : $"; there are {string.Join(", ", _book.Entries.TakeLast(10).Select(entry => entry.Tag.Name))}")}");

    private Tag OnlyOpen() => _book.Entries.FindAll(entry => entry.Tag.IsOpen) switch
    {
        [var only] => only.Tag,
        [] => throw new TagException(TagFault.Conflict, "no tag is open"),
        var several => throw new TagException(TagFault.Conflict, $"several tags are open: name one of {string.Join(", ", several.Select(entry => entry.Tag.Name))}"),
    };

    private TagReport Report(TagEntry entry) => new(
        entry.Tag,
        entry.Held.Count,
        entry.Held.Values.Sum(held => held.Bytes),
        [.. entry.Held.Keys.Concat(Lacking(entry).Select(missing => missing.Key)).Select(key => key.Channel).Distinct().Order(StringComparer.Ordinal)],
        [.. Lacking(entry).OrderBy(missing => missing.Key.FileName, StringComparer.Ordinal).Select(missing => new MissingFile(missing.Key.Channel, missing.Key.FileName, missing.Value))]);

    /// <summary>Adds the reasons that a command can find on the disk, because it does not know the reasons of a running server.</summary>
    private IEnumerable<KeyValuePair<(string Channel, string FileName), string>> Lacking(TagEntry entry) =>
        _makesCopies ? entry.Lacking.Concat(_growth.Unkept(entry, _time.GetUtcNow())).DistinctBy(missing => missing.Key) : entry.Lacking;
}
