using SpeedData.Core.Archive;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>Adds the files that tags keep to the files in the channels' folders, where retention may have deleted them.</summary>
internal static class KeptFiles
{
    /// <summary>Adds the files that the root's tags keep of a channel.</summary>
    public static RecordedChannel With(RecordedChannel channel)
    {
        if (TagFolders.RootOf(channel.Folder) is not { } root)
            return channel;
        string name = Path.GetRelativePath(root, Path.GetFullPath(channel.Folder)).Replace(Path.DirectorySeparatorChar, '/');
        IEnumerable<ListedFile> kept = All(root).Where(other => other.Name == name).SelectMany(other => other.Files);
        return channel with { Files = Join(channel.Files, kept) };
    }

    /// <summary>Adds the files that a root's tags keep to its channels.</summary>
    public static IReadOnlyList<RecordedChannel> With(string root, IReadOnlyList<RecordedChannel> channels)
    {
        ILookup<string, RecordedChannel> kept = All(root).ToLookup(channel => channel.Name, StringComparer.Ordinal);
        if (kept.Count == 0)
            return channels;
        IEnumerable<RecordedChannel> known = channels.Select(channel => channel with { Files = Join(channel.Files, kept[channel.Name].SelectMany(other => other.Files)) });
        IEnumerable<RecordedChannel> only = kept.Where(group => channels.All(channel => channel.Name != group.Key))
            .Select(group => new RecordedChannel(group.Key, Path.Combine(root, group.Key), Join([], group.SelectMany(other => other.Files))));
        return [.. known.Concat(only).OrderBy(channel => channel.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<RecordedChannel> All(string root) => TagFolders.All(root).SelectMany(ArchiveCatalogue.In);

    private static ListedFile[] Join(IReadOnlyList<ListedFile> own, IEnumerable<ListedFile> kept)
    {
        var byName = new SortedDictionary<string, ListedFile>(StringComparer.Ordinal);
        foreach (ListedFile file in own)
            byName[Path.GetFileName(file.Stem)] = file;
        foreach (ListedFile file in kept.Where(file => !file.IsPart))
        {
            string stem = Path.GetFileName(file.Stem);
            byName[stem] = byName.TryGetValue(stem, out ListedFile? here) ? here with { KeptPath = here.Path == file.Path ? null : here.KeptPath ?? file.Path } : file;
        }

        return [.. byName.Values];
    }
}
